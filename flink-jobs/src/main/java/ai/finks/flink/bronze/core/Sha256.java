package ai.finks.flink.bronze.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Checksums as Bronze's ledger has them: SHA-256 in lower-case hexadecimal digits. */
public final class Sha256 {
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private Sha256() {}

  /** A digest that has read nothing yet. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** The checksum of what the digest has read; it begins anew then. */
  public static String end(MessageDigest digest) {
    byte[] octets = digest.digest();
    StringBuilder hex = new StringBuilder(2 * octets.length);
    for (byte octet : octets) {
      hex.append(DIGITS[(octet >> 4) & 0xf]).append(DIGITS[octet & 0xf]);
    }
    return hex.toString();
  }
}
