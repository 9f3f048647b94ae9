package ai.finks.flink.bronze.core;

import java.nio.charset.StandardCharsets;

/**
 * Text from records as one segment of a path: percent-encoded, so that no value can leave its
 * folder or collide with a name of Finks' own.
 *
 * <p>Letters, digits, {@code .}, {@code _} and {@code -} stay; every other byte of the UTF-8 form
 * becomes {@code %XX}. A leading {@code .} or {@code _} is encoded too: dots alone would climb, and
 * a leading underscore is kept for {@link #EMPTY} and the places that Finks names itself. A text
 * longer than {@value #MAX_LENGTH} characters in this form is cut and closed with {@code ~} and 128
 * bits of its SHA-256, because file systems refuse segments of more than 255 bytes.
 */
public final class PathText {
  /** The segment of an empty text. */
  public static final String EMPTY = "_empty";

  static final int MAX_LENGTH = 160;

  private static final String HEX = "0123456789ABCDEF";
  private static final int HASH_BYTES = 16;
  private static final int KEPT_OF_LONG_TEXT = 120;

  private PathText() {}

  /** The segment for a text; equal texts give equal segments, different texts different ones. */
  public static String segment(String text) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder segment = new StringBuilder(utf8.length + 16);
    int cutAt = 0;
    for (int i = 0; i < utf8.length && segment.length() <= MAX_LENGTH; i++) {
      append(segment, utf8[i] & 0xff, i == 0);
      if (segment.length() <= KEPT_OF_LONG_TEXT) {
        cutAt = segment.length();
      }
    }
    if (segment.length() <= MAX_LENGTH) {
      return segment.toString();
    }
    return segment.substring(0, cutAt) + "~" + hash(utf8);
  }

  private static void append(StringBuilder segment, int octet, boolean first) {
    if (isPlain(octet) && !(first && (octet == '.' || octet == '_'))) {
      segment.append((char) octet);
    } else {
      segment.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 0xf));
    }
  }

  private static boolean isPlain(int octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '.'
        || octet == '_'
        || octet == '-';
  }

  private static String hash(byte[] bytes) {
    byte[] digest = Sha256.begin().digest(bytes);
    StringBuilder hex = new StringBuilder(2 * HASH_BYTES);
    for (int i = 0; i < HASH_BYTES; i++) {
      hex.append(HEX.charAt((digest[i] >> 4) & 0xf)).append(HEX.charAt(digest[i] & 0xf));
    }
    return hex.toString();
  }
}
