package ai.finks.client;

import org.jspecify.annotations.Nullable;

/**
 * Told once for each record that was handed over what became of it.
 *
 * <p>It runs in the thread that talks to the brokers: it must be quick, must not block and must not
 * throw. One instance may serve many records.
 */
@FunctionalInterface
public interface SendCallback {

  /** For callers to whom {@link RawSink#flush()} says enough. */
  SendCallback IGNORE = failure -> {};

  /**
   * @param failure null when the stream holds the record for good; otherwise why it may not, as a
   *     {@link RawSinkException}
   */
  void completed(@Nullable Exception failure);
}
