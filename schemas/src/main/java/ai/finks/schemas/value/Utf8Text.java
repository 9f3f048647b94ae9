package ai.finks.schemas.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text that goes from payloads to files and hashes, all of which want its UTF-8 bytes: they are
 * made once at most, and so is the string for who needs one. Immutable; used by one thread.
 */
public final class Utf8Text {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private byte @Nullable [] bytes;
  private @Nullable String string;
  private int hash;

  private Utf8Text(byte @Nullable [] bytes, @Nullable String string, int hash) {
    this.bytes = bytes;
    this.string = string;
    this.hash = hash;
  }

  /** A text of whole characters: a string that holds half of a surrogate pair has no UTF-8. */
  public static Utf8Text of(String text) {
    return new Utf8Text(null, text, 0);
  }

  /**
   * The text of some bytes.
   *
   * @param utf8 valid UTF-8, handed over
   */
  public static Utf8Text of(byte[] utf8) {
    return new Utf8Text(utf8, null, 0);
  }

  /** A copy of ASCII bytes, whose hash is known. */
  static Utf8Text copyOf(byte[] source, int start, int length, int hash) {
    return new Utf8Text(Arrays.copyOfRange(source, start, start + length), null, hash);
  }

  /** The UTF-8 bytes, not copied. */
  public byte[] bytes() {
    byte[] known = bytes;
    if (known == null) {
      known = toString().getBytes(StandardCharsets.UTF_8);
      bytes = known;
    }
    return known;
  }

  /** The hash of bytes: never 0, and the same in every process. */
  static int hash(byte[] source, int start, int length) {
    long mixed = length * SPREAD;
    int end = start + length;
    int at = start;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      mixed = (mixed ^ (long) LONGS.get(source, at)) * SPREAD;
      mixed ^= mixed >>> 32;
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = (rest << 8) | (source[at] & 0xff);
    }
    mixed = (mixed ^ rest) * SPREAD;
    int folded = (int) (mixed ^ (mixed >>> 32));
    return folded == 0 ? 1 : folded;
  }

  /** Whether the text's bytes are these. */
  boolean isSame(byte[] source, int start, int length) {
    byte[] own = bytes();
    return own.length == length && Arrays.equals(own, 0, length, source, start, start + length);
  }

  @Override
  public String toString() {
    String known = string;
    if (known == null) {
      known = new String(bytes(), StandardCharsets.UTF_8);
      string = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Utf8Text && Arrays.equals(bytes(), ((Utf8Text) other).bytes()));
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      byte[] own = bytes();
      known = hash(own, 0, own.length);
      hash = known;
    }
    return known;
  }
}
