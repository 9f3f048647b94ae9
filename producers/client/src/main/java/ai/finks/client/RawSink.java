package ai.finks.client;

import ai.finks.schemas.raw.RawRecord;

/** Where raw records go. Implementations are thread-safe. */
public interface RawSink extends AutoCloseable {

  /**
   * Hands a record over. Returns before the stream holds it, and blocks while too much is under
   * way. Records of one key that one thread sends keep their order.
   *
   * @throws RecordTooLargeException when this record can never be taken; later ones can
   * @throws RawSinkException when the stream cannot be written to, now or at an earlier record;
   *     nothing more can be sent here
   */
  void send(RawRecord record, SendCallback callback);

  /**
   * Waits until the stream holds everything that was sent.
   *
   * @throws RawSinkException when it does not
   */
  void flush();

  /**
   * Flushes and lets go. After a failure it gives up what is under way instead of waiting for it.
   *
   * @throws RawSinkException when a record was lost and nobody was told so before
   */
  @Override
  void close();
}
