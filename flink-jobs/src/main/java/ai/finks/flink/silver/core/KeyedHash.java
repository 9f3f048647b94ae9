package ai.finks.flink.silver.core;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA-256 (RFC 2104) under one key. The digests that have taken the padded key are kept and
 * copied, which halves the blocks of a short message. Not thread-safe.
 */
public final class KeyedHash {

  static final int BYTES = 32;

  private static final int BLOCK_BYTES = 64;

  private final MessageDigest inner;
  private final MessageDigest outer;
  private final byte[] output = new byte[BYTES];

  private KeyedHash(byte[] key) {
    byte[] block =
        Arrays.copyOf(key.length > BLOCK_BYTES ? sha256().digest(key) : key, BLOCK_BYTES);
    this.inner = padded(block, 0x36);
    this.outer = padded(block, 0x5C);
  }

  /** A hash under a key of any length. */
  public static KeyedHash of(byte[] key) {
    return new KeyedHash(key);
  }

  /** A key that is derived from this one's for a purpose of its own. */
  byte[] derivedKey(String purpose) {
    byte[] label = purpose.getBytes(StandardCharsets.UTF_8);
    return hash(label, label.length).clone();
  }

  private static MessageDigest padded(byte[] block, int pad) {
    byte[] padded = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      padded[i] = (byte) (block[i] ^ pad);
    }
    MessageDigest digest = sha256();
    digest.update(padded);
    return digest;
  }

  /** The hash of the first bytes of an array, in an array that the next call overwrites. */
  public byte[] hash(byte[] message, int length) {
    try {
      MessageDigest first = (MessageDigest) inner.clone();
      first.update(message, 0, length);
      first.digest(output, 0, BYTES);
      MessageDigest second = (MessageDigest) outer.clone();
      second.update(output, 0, BYTES);
      second.digest(output, 0, BYTES);
      return output;
    } catch (CloneNotSupportedException | DigestException e) {
      throw new IllegalStateException("SHA-256 of this JDK cannot be copied", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
