package ai.finks.flink.silver.keys;

import org.jspecify.annotations.Nullable;

/** Bytes as hexadecimal digits. */
final class Hex {
  private Hex() {}

  static String of(byte[] bytes) {
    StringBuilder digits = new StringBuilder();
    for (byte b : bytes) {
      digits.append(String.format("%02x", b));
    }
    return digits.toString();
  }

  /** The bytes, or null when the text is not pairs of hexadecimal digits. */
  static byte @Nullable [] parse(String text) {
    byte[] bytes = new byte[text.length() / 2];
    if (text.length() % 2 != 0) {
      return null;
    }
    for (int i = 0; i < bytes.length; i++) {
      int high = Character.digit(text.charAt(2 * i), 16);
      int low = Character.digit(text.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {
        return null;
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }
}
