package ai.finks.schemas.payload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads plain JSON objects straight from their bytes: ASCII, strings without escapes, objects only
 * where pointers lead into them. Whatever is not plain, or not right, it leaves to Jackson: it
 * never judges, it only gives up.
 */
final class JsonScanner {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_LENGTH = 100;
  private static final int MAX_NAME_LENGTH = 1_000;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';
  private static final long ZEROS = ONES * '0';
  private static final long BEYOND_NINE = ONES * (0x80 - 10);
  private static final int MAX_DIGITS = 18;
  private static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private byte[] in = {};
  private int end;
  private int position;
  private int visit;

  /**
   * Fills the slots from a payload of ASCII bytes.
   *
   * @param visit counts payloads, so that a member that comes twice is noticed
   * @return false when the payload is not plain; the slots are then half filled
   */
  boolean scan(byte[] source, int start, int end, PointerTree root, int visit, Slots out) {
    this.in = source;
    this.end = end;
    this.position = start;
    this.visit = visit;
    out.begin(source, start, end);
    skipSpace();
    return peek() == '{' && object(root, out, 0) && atEnd();
  }

  private boolean atEnd() {
    skipSpace();
    return position == end;
  }

  /** The next byte, or 0 at the end; a zero byte is never right in JSON. */
  private int peek() {
    return position < end ? in[position] : 0;
  }

  private void skipSpace() {
    while (position < end) {
      byte b = in[position];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return;
      }
      position++;
    }
  }

  private boolean object(PointerTree place, Slots out, int depth) {
    position++;
    place.found(out, Lexeme.OBJECT);
    skipSpace();
    if (peek() == '}') {
      position++;
      return true;
    }
    for (int member = 0; depth < MAX_DEPTH; member++) {
      if (!member(place, member, out, depth)) {
        return false;
      }
      skipSpace();
      int next = peek();
      position++;
      if (next == '}') {
        return true;
      }
      if (next != ',') {
        return false;
      }
      skipSpace();
    }
    return false;
  }

  private boolean member(PointerTree place, int index, Slots out, int depth) {
    int start = position + 1;
    int expected = place.lengthIfExpected(in, position, end, index);
    PointerTree child;
    int nameEnd;
    if (expected > 0) {
      child = place.expected(index);
      position += expected;
      nameEnd = position - 1;
    } else {
      nameEnd = stringEnd();
      if (nameEnd < 0 || nameEnd - start > MAX_NAME_LENGTH) {
        return false;
      }
      child = place.member(in, start, nameEnd, index);
    }
    skipSpace();
    if (peek() != ':') {
      return false;
    }
    position++;
    skipSpace();
    if (child == null) {
      out.unknown(place.pathOf(PointerTree.ascii(in, start, nameEnd)));
      return scalar(null, out);
    }
    if (child.isIgnored()) {
      return scalar(null, out);
    }
    if (!child.firstVisit(visit)) {
      return false;
    }
    if (peek() == '{') {
      return !child.isLeaf() && object(child, out, depth + 1);
    }
    return (child.isLeaf() || peek() == 'n') && scalar(child, out);
  }

  private boolean scalar(@Nullable PointerTree place, Slots out) {
    int start = position;
    switch (peek()) {
      case '"':
        int closing = stringEnd();
        if (closing >= 0 && place != null) {
          place.found(out, Lexeme.TEXT, start + 1, closing);
        }
        return closing >= 0;
      case 't':
        return word("true", Lexeme.TRUE, place, out);
      case 'f':
        return word("false", Lexeme.FALSE, place, out);
      case 'n':
        return word("null", Lexeme.NULL, place, out);
      default:
        return number(place, out);
    }
  }

  /** Goes behind a string and returns where its closing quote is, or -1. */
  private int stringEnd() {
    if (peek() != '"') {
      return -1;
    }
    int i = position + 1;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      long eight = (long) LONGS.get(in, i);
      // The lowest mark of each is certain, and all bytes are ASCII.
      long marks = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES) | ((eight - SPACES) & TOPS);
      if (marks != 0) {
        return closing(i + (Long.numberOfTrailingZeros(marks) >>> 3));
      }
    }
    while (i < end && in[i] != '"' && in[i] != '\\' && in[i] >= ' ') {
      i++;
    }
    return i == end ? -1 : closing(i);
  }

  private static long zeros(long bytes) {
    return (bytes - ONES) & ~bytes & TOPS;
  }

  private int closing(int at) {
    position = at + 1;
    return in[at] == '"' ? at : -1;
  }

  private boolean word(String word, Lexeme kind, @Nullable PointerTree place, Slots out) {
    if (end - position < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (in[position + i] != word.charAt(i)) {
        return false;
      }
    }
    position += word.length();
    if (place != null) {
      place.found(out, kind);
    }
    return true;
  }

  /** Goes behind a number as RFC 8259 has it, and reads it on the way unless it has an exponent. */
  private boolean number(@Nullable PointerTree place, Slots out) {
    int start = position;
    boolean negative = peek() == '-';
    if (negative) {
      position++;
    }
    int first = position;
    long value = digits(0);
    int digits = position - first;
    if (digits == 0 || (in[first] == '0' && digits > 1)) {
      return false;
    }
    int decimals = 0;
    if (peek() == '.') {
      int point = position++;
      value = digits(value);
      decimals = position - point - 1;
      if (decimals == 0) {
        return false;
      }
    }
    if (digits + decimals > MAX_DIGITS) {
      decimals = -1;
    }
    if (peek() == 'e' || peek() == 'E') {
      decimals = -1;
      if (!exponent()) {
        return false;
      }
    }
    if (position - start > MAX_NUMBER_LENGTH) {
      return false;
    }
    if (place != null) {
      place.foundNumber(out, start, position, negative ? -value : value, decimals);
    }
    return true;
  }

  private boolean exponent() {
    position++;
    if (peek() == '+' || peek() == '-') {
      position++;
    }
    int start = position;
    digits(0);
    return position > start;
  }

  /** Goes behind digits and appends them to a number; what exceeds 18 digits is of no use. */
  private long digits(long before) {
    byte[] from = in;
    int at = position;
    long value = before;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      long eight = (long) LONGS.get(from, at) ^ ZEROS;
      // All bytes are ASCII, so no sum reaches the next one.
      long others = (eight + BEYOND_NINE) & TOPS;
      if (others != 0) {
        int count = Long.numberOfTrailingZeros(others) >>> 3;
        position = at + count;
        return count == 0
            ? value
            : value * POWERS[count] + eightDigits(eight << (Long.SIZE - Byte.SIZE * count));
      }
      value = value * POWERS[Long.BYTES] + eightDigits(eight);
    }
    for (; at < end; at++) {
      int digit = from[at] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
    }
    position = at;
    return value;
  }

  /** The number of eight digits, a byte each, the first one lowest: two, four, eight at a time. */
  private static long eightDigits(long digits) {
    long twos = (digits * 10 + (digits >>> 8)) & 0x00FF00FF00FF00FFL;
    long fours = (twos * 100 + (twos >>> 16)) & 0x0000FFFF0000FFFFL;
    return (fours * 10_000 + (fours >>> 32)) & 0xFFFFFFFFL;
  }
}
