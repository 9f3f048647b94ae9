package ai.finks.stack.chaos;

import ai.finks.schemas.raw.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * A message that was sent, and what it means.
 *
 * @param wire the stream's value
 * @param raw the raw record in it; null for bytes that are none
 * @param fact what a row must say of it; null for one that must be refused
 * @param refusal the first reason for which it must be refused; empty for a fact
 */
record Sent(byte[] wire, @Nullable RawRecord raw, @Nullable Fact fact, String refusal) {

  /** The payload that quarantine must keep: the whole message where it is no raw record. */
  byte[] payload() {
    return raw == null ? wire : raw.payload();
  }

  /**
   * A valid record, by the meaning of its contract.
   *
   * @param source who says it
   * @param key of whom it is
   * @param content all that its row says; two facts of a key with one content are duplicates
   * @param version orders the facts of a key
   * @param batch then orders them
   * @param sequence orders them at last
   */
  record Fact(
      String source, String key, String content, long version, String batch, long sequence) {

    boolean isNewerThan(Fact other) {
      if (version != other.version) {
        return version > other.version;
      }
      int batches = batch.compareTo(other.batch);
      return batches != 0 ? batches > 0 : sequence > other.sequence;
    }
  }
}
