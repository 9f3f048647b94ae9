package ai.finks.schemas.payload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values that were found in one record, one slot per place that was looked at. Texts lie in one
 * shared array, so that a record costs no objects. Reused from record to record; not thread-safe.
 *
 * <p>Texts of a plain payload stay where they are, in its own bytes, until somebody asks for
 * characters.
 */
public final class Slots {

  private static final int MAX_UNKNOWN = 32;
  private static final int MAX_NAME = 128;

  private static final Lexeme[] KINDS = Lexeme.values();
  private static final byte ABSENT = (byte) Lexeme.ABSENT.ordinal();

  // Ordinals: a reference that is stored costs the collector's barrier each time.
  private final byte[] kinds;
  private final int[] starts;
  private final int[] lengths;
  private final List<String> unknown = new ArrayList<>();
  private final long[] unscaled;
  private final int[] decimals;
  private char[] chars = new char[1024];
  private byte @Nullable [] ascii;
  private int asciiStart;
  private int asciiEnd;
  private int used;

  public Slots(int count) {
    this.kinds = new byte[count];
    this.starts = new int[count];
    this.lengths = new int[count];
    this.unscaled = new long[count];
    this.decimals = new int[count];
    clear();
  }

  void clear() {
    Arrays.fill(kinds, ABSENT);
    Arrays.fill(lengths, 0);
    ascii = null;
    used = 0;
    unknown.clear();
  }

  public Lexeme kind(int slot) {
    return KINDS[kinds[slot]];
  }

  /**
   * The array that texts and numbers lie in when all of them are ASCII and nobody has asked for
   * characters, else null; not to be changed, valid until the next record is read.
   */
  public byte @Nullable [] ascii() {
    return ascii;
  }

  /** The array that texts and numbers lie in; valid until the next record is read. */
  public char[] chars() {
    byte[] plain = ascii;
    if (plain != null) {
      ascii = null;
      reserve(asciiEnd);
      for (int i = asciiStart; i < asciiEnd; i++) {
        chars[i] = (char) plain[i];
      }
    }
    return chars;
  }

  /** Texts and numbers lie in these ASCII bytes from now on; nothing was set before. */
  void begin(byte[] payload) {
    begin(payload, 0, payload.length);
  }

  /** The same where the payload is a part of an array; positions are the array's. */
  void begin(byte[] source, int start, int end) {
    ascii = source;
    asciiStart = start;
    asciiEnd = end;
  }

  /**
   * The digits of a number of {@link #ascii}, with its sign and without its point: {@code unscaled
   * / 10^decimals}.
   */
  public long unscaled(int slot) {
    return unscaled[slot];
  }

  /** The decimals of a number of {@link #ascii}; negative when the number is to be read anew. */
  public int decimals(int slot) {
    return decimals[slot];
  }

  /** Where a slot's text starts in {@link #chars}, and in {@link #ascii}. */
  public int start(int slot) {
    return starts[slot];
  }

  /** How many characters a slot's text has. */
  public int length(int slot) {
    return lengths[slot];
  }

  /** A slot's text as a string of its own. */
  public String text(int slot) {
    byte[] plain = ascii;
    return plain == null
        ? new String(chars, starts[slot], lengths[slot])
        : new String(plain, starts[slot], lengths[slot], StandardCharsets.US_ASCII);
  }

  /** Names of fields that the binding does not know; at most 32 of them, each cut after 128. */
  public List<String> unknown() {
    return unknown;
  }

  void unknown(String name) {
    if (unknown.size() < MAX_UNKNOWN) {
      unknown.add(name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME));
    }
  }

  void set(int slot, Lexeme kind) {
    kinds[slot] = (byte) kind.ordinal();
    lengths[slot] = 0;
  }

  void set(int slot, Lexeme kind, int start, int length) {
    kinds[slot] = (byte) kind.ordinal();
    starts[slot] = start;
    lengths[slot] = length;
  }

  void setNumber(int slot, int start, int end, long digits, int behindPoint) {
    set(slot, Lexeme.NUMBER, start, end - start);
    unscaled[slot] = digits;
    decimals[slot] = behindPoint;
  }

  /** How many characters are in use; what is appended comes behind them. */
  int used() {
    chars();
    return used;
  }

  /** Forgets the characters behind a position. */
  void rewind(int position) {
    used = position;
  }

  /** Appends characters and says where they start. */
  int append(char[] source, int offset, int length) {
    int start = reserve(length);
    System.arraycopy(source, offset, chars, start, length);
    return start;
  }

  /** Appends a text and says where it starts. */
  int append(String text) {
    int start = reserve(text.length());
    text.getChars(0, text.length(), chars, start);
    return start;
  }

  /** Makes room for characters behind the last ones and says where they start. */
  int reserve(int length) {
    chars();
    int start = used;
    if (chars.length - used < length) {
      chars = Arrays.copyOf(chars, Math.max(chars.length * 2, used + length));
    }
    used += length;
    return start;
  }
}
