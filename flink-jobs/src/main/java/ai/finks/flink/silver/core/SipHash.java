package ai.finks.flink.silver.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF"): who does
 * not know the key can neither foresee a hash nor make two messages collide. Takes a tenth of the
 * time of an HMAC on short messages. Holds the last result; not thread-safe.
 */
public final class SipHash {
  public static final int KEY_BYTES = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long key0;
  private final long key1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long high;
  private long low;

  private SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /** Under the first 16 bytes of a key. */
  public static SipHash of(byte[] key) {
    return new SipHash((long) LONGS.get(key, 0), (long) LONGS.get(key, 8));
  }

  /** One under the same key that another thread may use. */
  SipHash copy() {
    return new SipHash(key0, key1);
  }

  /** Hashes the first bytes of an array. */
  public void hash(byte[] message, int length) {
    // In local variables and written out: fields would be stored again with every word.
    long a = key0 ^ 0x736f6d6570736575L;
    long b = key1 ^ 0x646f72616e646f6dL ^ 0xee;
    long c = key0 ^ 0x6c7967656e657261L;
    long d = key1 ^ 0x7465646279746573L;
    int whole = length & ~7;
    for (int at = 0; at <= whole; at += Long.BYTES) {
      long word = at < whole ? (long) LONGS.get(message, at) : last(message, whole, length);
      d ^= word;
      a += b;
      c += d;
      b = Long.rotateLeft(b, 13) ^ a;
      d = Long.rotateLeft(d, 16) ^ c;
      a = Long.rotateLeft(a, 32) + d;
      c += b;
      d = Long.rotateLeft(d, 21) ^ a;
      b = Long.rotateLeft(b, 17) ^ c;
      c = Long.rotateLeft(c, 32);
      a += b;
      c += d;
      b = Long.rotateLeft(b, 13) ^ a;
      d = Long.rotateLeft(d, 16) ^ c;
      a = Long.rotateLeft(a, 32) + d;
      c += b;
      d = Long.rotateLeft(d, 21) ^ a;
      b = Long.rotateLeft(b, 17) ^ c;
      c = Long.rotateLeft(c, 32);
      a ^= word;
    }
    v0 = a;
    v1 = b;
    v2 = c ^ 0xee;
    v3 = d;
    fourRounds();
    high = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    fourRounds();
    low = v0 ^ v1 ^ v2 ^ v3;
  }

  /** What is left of a message behind its whole words, and its length. */
  private static long last(byte[] message, int whole, int length) {
    long last = (long) length << 56;
    if (message.length - whole >= Long.BYTES) {
      // What lies behind the message is read along and taken off again.
      return last | ((long) LONGS.get(message, whole) & ~(-1L << (Byte.SIZE * (length - whole))));
    }
    for (int at = length - 1; at >= whole; at--) {
      last |= (message[at] & 0xffL) << (8 * (at - whole));
    }
    return last;
  }

  /** The first eight bytes of the last hash, little-endian. */
  public long high() {
    return high;
  }

  /** The last eight bytes of the last hash, little-endian. */
  public long low() {
    return low;
  }

  private void fourRounds() {
    long a = v0;
    long b = v1;
    long c = v2;
    long d = v3;
    for (int round = 0; round < 4; round++) {
      a += b;
      b = Long.rotateLeft(b, 13) ^ a;
      a = Long.rotateLeft(a, 32);
      c += d;
      d = Long.rotateLeft(d, 16) ^ c;
      a += d;
      d = Long.rotateLeft(d, 21) ^ a;
      c += b;
      b = Long.rotateLeft(b, 17) ^ c;
      c = Long.rotateLeft(c, 32);
    }
    v0 = a;
    v1 = b;
    v2 = c;
    v3 = d;
  }
}
