package ai.finks.flink.silver.io;

import java.util.Arrays;

/** Avro's binary encoding of plain values into one growing array. Reused; not thread-safe. */
final class AvroBytes {
  private static final int MAX_LONG_BYTES = 10;

  private byte[] bytes = new byte[512];
  private int length;

  /** Begins anew. */
  void clear() {
    length = 0;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /** Bytes as they are. */
  void raw(byte[] value) {
    ensure(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  /** A string in UTF-8, or bytes: their length, then they. */
  void bytes(byte[] value) {
    number(value.length);
    raw(value);
  }

  void bool(boolean value) {
    ensure(1);
    bytes[length++] = (byte) (value ? 1 : 0);
  }

  /** An int, a long, or the index of a union's branch: zigzag, base 128. */
  void number(long value) {
    ensure(MAX_LONG_BYTES);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** An unscaled decimal: the fewest bytes that hold its two's complement. */
  void decimal(long unscaled) {
    int size = 1 + (Long.SIZE - Long.numberOfLeadingZeros(unscaled ^ (unscaled >> 63))) / Byte.SIZE;
    number(size);
    ensure(size);
    for (int shift = (size - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (unscaled >> shift);
    }
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
