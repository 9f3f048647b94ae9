package ai.finks.adapters.core;

import java.io.IOException;

/**
 * Cuts a stream of bytes into the records in it, without copying, decoding or changing a byte of
 * them.
 *
 * <p>A splitter holds one record at a time. A record that is longer than the limit is skipped in
 * bounded memory: {@link #oversize()} says so and {@link #size()} still tells its length. Not
 * thread-safe.
 */
public interface RecordSplitter {

  /**
   * Moves to the next record.
   *
   * @return false at the end of the stream
   * @throws MalformedContentException when the bytes do not have the shape that they should have
   */
  boolean next() throws IOException;

  /** A copy of the current record's exact bytes; must not be called when it is oversize. */
  byte[] payload();

  /** Number of bytes of the current record. */
  long size();

  /** True if the current record is longer than the limit and was skipped. */
  boolean oversize();

  /** Place of the current record in the stream; counts also the records that were skipped. */
  long sequence();
}
