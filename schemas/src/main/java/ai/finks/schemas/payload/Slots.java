package ai.finks.schemas.payload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The values that were found in one record, one slot per place that was looked at. Texts lie in one
 * shared array, so that a record costs no objects. Reused from record to record; not thread-safe.
 */
public final class Slots {

  private static final int MAX_UNKNOWN = 32;
  private static final int MAX_NAME = 128;

  private final Lexeme[] kinds;
  private final int[] starts;
  private final int[] lengths;
  private final List<String> unknown = new ArrayList<>();
  private char[] chars = new char[1024];
  private int used;

  public Slots(int count) {
    this.kinds = new Lexeme[count];
    this.starts = new int[count];
    this.lengths = new int[count];
    clear();
  }

  void clear() {
    Arrays.fill(kinds, Lexeme.ABSENT);
    Arrays.fill(lengths, 0);
    used = 0;
    unknown.clear();
  }

  public Lexeme kind(int slot) {
    return kinds[slot];
  }

  /** The array that texts and numbers lie in; valid until the next record is read. */
  public char[] chars() {
    return chars;
  }

  /** Where a slot's text starts in {@link #chars}. */
  public int start(int slot) {
    return starts[slot];
  }

  /** How many characters a slot's text has. */
  public int length(int slot) {
    return lengths[slot];
  }

  /** A slot's text as a string of its own. */
  public String text(int slot) {
    return new String(chars, starts[slot], lengths[slot]);
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
    kinds[slot] = kind;
    lengths[slot] = 0;
  }

  void set(int slot, Lexeme kind, int start, int length) {
    kinds[slot] = kind;
    starts[slot] = start;
    lengths[slot] = length;
  }

  /** How many characters are in use. */
  int used() {
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
    int start = used;
    if (chars.length - used < length) {
      chars = Arrays.copyOf(chars, Math.max(chars.length * 2, used + length));
    }
    used += length;
    return start;
  }
}
