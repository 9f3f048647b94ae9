package ai.finks.client;

/** A record that is larger than its topic takes. */
public final class RecordTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long bytes;
  private final long limitBytes;

  /**
   * @param topic the topic that it was for
   * @param bytes size of the encoded record
   * @param limitBytes the largest size that the topic takes
   */
  public RecordTooLargeException(String topic, long bytes, long limitBytes) {
    super(
        String.format(
            "a record of %,d bytes is larger than the %,d bytes that %s takes (max.message.bytes)",
            bytes, limitBytes, topic));
    this.bytes = bytes;
    this.limitBytes = limitBytes;
  }

  public long bytes() {
    return bytes;
  }

  public long limitBytes() {
    return limitBytes;
  }
}
