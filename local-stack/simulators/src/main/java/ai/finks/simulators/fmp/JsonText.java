package ai.finks.simulators.fmp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes an array of flat objects the way FMP does: two spaces of indentation, a space after the
 * colon, numbers without trailing zeros, no line end after the last bracket.
 *
 * <p>Decimals come as whole numbers of 10^-scale, so that no floating point is involved.
 */
final class JsonText {
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private byte[] text;
  private int length;
  private boolean firstObject = true;
  private boolean firstMember = true;

  JsonText(int expectedBytes) {
    text = new byte[expectedBytes];
    put('[');
  }

  /** The JSON form of a member's name with everything that precedes its value. */
  static byte[] name(String name) {
    return ("\n    \"" + name + "\": ").getBytes(StandardCharsets.UTF_8);
  }

  JsonText object() {
    if (!firstObject) {
      put(',');
    }
    firstObject = false;
    firstMember = true;
    put('\n');
    put(' ');
    put(' ');
    put('{');
    return this;
  }

  JsonText endObject() {
    put('\n');
    put(' ');
    put(' ');
    put('}');
    return this;
  }

  JsonText end() {
    if (!firstObject) {
      put('\n');
    }
    put(']');
    return this;
  }

  /** A text that needs no escape: symbols, dates, exchange codes. */
  JsonText text(byte[] name, byte[] value) {
    member(name);
    put('"');
    put(value);
    put('"');
    return this;
  }

  JsonText none(byte[] name) {
    member(name);
    put(NULL);
    return this;
  }

  JsonText number(byte[] name, long value) {
    return decimal(name, value, 0);
  }

  /** {@code unscaled × 10^-scale}, trailing zeros of the fraction left out. */
  JsonText decimal(byte[] name, long unscaled, int scale) {
    member(name);
    reserve(24);
    long value = unscaled;
    int places = scale;
    while (places > 0 && value % 10 == 0) {
      value /= 10;
      places--;
    }
    if (value < 0) {
      text[length++] = '-';
      value = -value;
    }
    int digits = Math.max(digitsOf(value), places + 1);
    int size = digits + (places > 0 ? 1 : 0);
    for (int i = length + size - 1, written = 0; i >= length; i--, written++) {
      if (places > 0 && written == places) {
        text[i] = '.';
      } else {
        text[i] = (byte) ('0' + value % 10);
        value /= 10;
      }
    }
    length += size;
    return this;
  }

  private static int digitsOf(long value) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private void member(byte[] name) {
    if (!firstMember) {
      put(',');
    }
    firstMember = false;
    put(name);
  }

  private void put(char c) {
    reserve(1);
    text[length++] = (byte) c;
  }

  private void put(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, text, length, bytes.length);
    length += bytes.length;
  }

  private void reserve(int more) {
    if (length + more > text.length) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, length + more));
    }
  }

  byte[] array() {
    return text;
  }

  int length() {
    return length;
  }
}
