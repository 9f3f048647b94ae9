package ai.finks.flink.bronze.core;

/**
 * Writes UTF-8 bytes as the inside of a JSON string whose value has exactly these bytes again when
 * it is encoded as UTF-8.
 *
 * <p>Only what JSON demands is escaped (quote, backslash, controls), so other text stays readable.
 * Bytes that are not strict UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF) cannot be kept in a JSON string and are refused.
 */
final class JsonText {
  private static final int CHUNK = 4096;

  /** A control character takes six bytes. */
  private static final int LONGEST_ESCAPE = 6;

  private static final byte PLAIN = 0;
  private static final byte CONTROL = 1;
  private static final byte MULTI = 2;

  /** What to do with an octet: one of the constants above, or the letter behind a backslash. */
  private static final byte[] ACTION = new byte[256];

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  static {
    for (int octet = 0; octet < 0x20; octet++) {
      ACTION[octet] = CONTROL;
    }
    for (int octet = 0x80; octet < 0x100; octet++) {
      ACTION[octet] = MULTI;
    }
    ACTION['"'] = '"';
    ACTION['\\'] = '\\';
    ACTION['\n'] = 'n';
    ACTION['\r'] = 'r';
    ACTION['\t'] = 't';
    ACTION['\b'] = 'b';
    ACTION['\f'] = 'f';
  }

  private JsonText() {}

  /** Appends the escaped text; false where the bytes are not UTF-8 (then cut what was written). */
  static boolean write(byte[] text, int at, int length, Bytes out) {
    int end = at + length;
    int from = at;
    while (from < end) {
      from = chunk(text, from, Math.min(end, from + CHUNK), end, out);
      if (from < 0) {
        return false;
      }
    }
    return true;
  }

  /** Escapes until {@code softEnd}, a few bytes beyond it where a character straddles it. */
  private static int chunk(byte[] text, int from, int softEnd, int end, Bytes out) {
    byte[] to = out.reserve(LONGEST_ESCAPE * (softEnd - from) + 4);
    int w = out.size();
    int r = from;
    while (r < softEnd) {
      byte octet = text[r];
      byte action = ACTION[octet & 0xff];
      if (action == PLAIN) {
        to[w++] = octet;
        r++;
      } else if (action == MULTI) {
        int width = width(text, r, end);
        if (width == 0) {
          return -1;
        }
        for (int i = 0; i < width; i++) {
          to[w++] = text[r++];
        }
      } else {
        w = escape(octet, action, to, w);
        r++;
      }
    }
    out.wroteTo(w);
    return r;
  }

  private static int escape(byte octet, byte action, byte[] to, int at) {
    int w = at;
    to[w++] = '\\';
    if (action != CONTROL) {
      to[w++] = action;
      return w;
    }
    to[w++] = 'u';
    to[w++] = '0';
    to[w++] = '0';
    to[w++] = HEX[(octet >> 4) & 0xf];
    to[w++] = HEX[octet & 0xf];
    return w;
  }

  /** Length of the well-formed character at a position, 0 where there is none. */
  private static int width(byte[] text, int at, int end) {
    int lead = text[at] & 0xff;
    if (lead < 0xc2 || lead > 0xf4) {
      return 0;
    }
    int width = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (end - at < width) {
      return 0;
    }
    int second = text[at + 1] & 0xff;
    if (second < lowestSecond(lead) || second > highestSecond(lead)) {
      return 0;
    }
    for (int i = 2; i < width; i++) {
      if ((text[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return width;
  }

  private static int lowestSecond(int lead) {
    return lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  }

  private static int highestSecond(int lead) {
    return lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  }
}
