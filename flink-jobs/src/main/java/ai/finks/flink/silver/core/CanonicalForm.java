package ai.finks.flink.silver.core;

import ai.finks.schemas.value.Utf8Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes values so that equal values have equal bytes, whatever types they are stored in: numbers
 * without zeros behind the point, so that 1, 1.0 and 1.000000 are one; texts in UTF-8. Hashes rest
 * on these bytes, so they must never change. Reused; not thread-safe.
 *
 * <pre>
 * value  := id kind content       id, lengths, scales: unsigned base-128; nulls are left out
 * kind 1 := text:    length, bytes
 * kind 2 := number:  scale, zigzag base-128 of the unscaled number
 * kind 3 := number beyond 64 bits: scale, length, two's complement bytes
 * </pre>
 */
final class CanonicalForm {

  private static final int TEXT = 1;
  private static final int NUMBER = 2;
  private static final int WIDE = 3;
  private static final int ONE_BYTE = 1 << 7;
  private static final int SPREAD_BITS = 56;
  private static final long CONTINUED = 0x8080808080808080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1024];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void text(int id, Utf8Text value) {
    byte[] utf8 = value.bytes();
    head(id, TEXT);
    unsigned(utf8.length);
    append(utf8);
  }

  /** Only a text's UTF-8 bytes, without id and length. */
  void plain(Utf8Text value) {
    append(value.bytes());
  }

  /** A number of up to 64 bits that is {@code unscaled / 10^scale}. */
  void number(int id, long unscaled, int scale) {
    long value = unscaled;
    int decimals = scale;
    while (decimals > 0 && value % 10 == 0) {
      value /= 10;
      decimals--;
    }
    head(id, NUMBER);
    unsigned(decimals);
    unsigned((value << 1) ^ (value >> 63));
  }

  /** A number of any size. */
  void wide(int id, BigDecimal value) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (plain.scale() < 0) {
      plain = plain.setScale(0);
    }
    if (plain.unscaledValue().bitLength() < Long.SIZE) {
      number(id, plain.unscaledValue().longValue(), plain.scale());
      return;
    }
    head(id, WIDE);
    unsigned(plain.scale());
    byte[] unscaled = plain.unscaledValue().toByteArray();
    unsigned(unscaled.length);
    append(unscaled);
  }

  private void head(int id, int kind) {
    if (id < ONE_BYTE) {
      ensure(2);
      bytes[length] = (byte) id;
      bytes[length + 1] = (byte) kind;
      length += 2;
    } else {
      unsigned(id);
      unsigned(kind);
    }
  }

  private void append(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void unsigned(long value) {
    ensure(10);
    byte[] to = bytes;
    int end = length;
    if (value >>> SPREAD_BITS == 0) {
      int groups = (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
      long more = CONTINUED & ((1L << (Byte.SIZE * (groups - 1))) - 1);
      LONGS.set(to, end, spread(value) | more);
      length = end + groups;
      return;
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      to[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[end++] = (byte) rest;
    length = end;
  }

  /** Eight groups of seven bits, a byte each, the lowest first. */
  private static long spread(long value) {
    long fours = (value & 0x000000000FFFFFFFL) | ((value & 0x00FFFFFFF0000000L) << 4);
    long twos = (fours & 0x00003FFF00003FFFL) | ((fours & 0x0FFFC0000FFFC000L) << 2);
    return (twos & 0x007F007F007F007FL) | ((twos & 0x3F803F803F803F80L) << 1);
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
