package ai.finks.flink.bronze.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing run of bytes that is written in place and used again. Not thread-safe. */
public final class Bytes {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;
  private static final int LONGEST_NUMBER = 20;

  private byte[] array;
  private int size;

  public Bytes(int initialCapacity) {
    this.array = new byte[initialCapacity];
  }

  /** The bytes; only the first {@link #size()} count, and only until the next write. */
  public byte[] array() {
    return array;
  }

  public int size() {
    return size;
  }

  public int capacity() {
    return array.length;
  }

  /** Drops everything from a position on. */
  public void cutTo(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("Cannot cut " + size + " bytes to " + newSize);
    }
    size = newSize;
  }

  /** Makes room for more bytes and returns the array to write them to, at {@link #size()}. */
  byte[] reserve(int more) {
    if (more > array.length - size) {
      grow(more);
    }
    return array;
  }

  /** Says up to where {@link #reserve} was used. */
  void wroteTo(int newSize) {
    size = newSize;
  }

  void octet(int value) {
    reserve(1)[size++] = (byte) value;
  }

  void append(byte[] source) {
    append(source, 0, source.length);
  }

  void append(byte[] source, int at, int length) {
    System.arraycopy(source, at, reserve(length), size, length);
    size += length;
  }

  /** Decimal digits of a number. */
  void number(long value) {
    if (value == Long.MIN_VALUE) {
      append(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    byte[] to = reserve(LONGEST_NUMBER);
    long rest = value;
    if (rest < 0) {
      to[size++] = '-';
      rest = -rest;
    }
    int end = size + digits(rest);
    for (int at = end - 1; at >= size; at--) {
      to[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size = end;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
      digits++;
    }
    return digits;
  }

  private void grow(int more) {
    long needed = (long) size + more;
    if (needed > MAX_ARRAY) {
      throw new IllegalStateException("A buffer of " + needed + " bytes does not fit an array");
    }
    long doubled = Math.min(MAX_ARRAY, 2L * array.length);
    array = Arrays.copyOf(array, (int) Math.max(needed, doubled));
  }
}
