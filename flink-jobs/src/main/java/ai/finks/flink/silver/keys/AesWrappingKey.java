package ai.finks.flink.silver.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wraps with AES-256-GCM (NIST SP 800-38D): 12 random bytes, then ciphertext and tag; the name is
 * authenticated with it.
 */
final class AesWrappingKey implements WrappingKey {
  static final int BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 8;

  private final SecretKeySpec key;
  private final String id;
  private final SecureRandom random = new SecureRandom();

  private AesWrappingKey(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
    this.id = "aes-" + Hex.of(Arrays.copyOf(digest(key), ID_BYTES));
  }

  /**
   * @throws IllegalArgumentException when it does not have 32 bytes
   */
  static AesWrappingKey of(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a wrapping key has " + BYTES + " bytes");
    }
    return new AesWrappingKey(key.clone());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public byte[] wrap(String name, byte[] dataKey) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(dataKey);
      byte[] wrapped = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, wrapped, NONCE_BYTES, sealed.length);
      return wrapped;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-256-GCM", e);
    }
  }

  @Override
  public byte[] unwrap(String name, byte[] wrapped) throws AlteredKeyException {
    if (wrapped.length <= NONCE_BYTES) {
      throw new AlteredKeyException(new AEADBadTagException("too short"));
    }
    byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, nonce, name)
          .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new AlteredKeyException(e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /** One way: from the id nobody gets to the key. */
  private static byte[] digest(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("finks wrapping key id".getBytes(StandardCharsets.UTF_8));
      return digest.digest(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
