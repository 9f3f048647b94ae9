package ai.finks.flink.silver.keys;

/**
 * A key that keeps other keys secret: it rotates, what it wraps does not. A wrapped key is bound to
 * its name, so that none can be put in another's place.
 */
interface WrappingKey {

  /** Names the key without telling anything of it; another key has another id. */
  String id();

  byte[] wrap(String name, byte[] dataKey);

  /**
   * @throws AlteredKeyException when the bytes are not what this key has wrapped under the name
   */
  byte[] unwrap(String name, byte[] wrapped) throws AlteredKeyException;

  /** A wrapped key does not open. */
  final class AlteredKeyException extends Exception {
    private static final long serialVersionUID = 1;

    AlteredKeyException(Throwable cause) {
      super(cause);
    }
  }
}
