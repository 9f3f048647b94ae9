package ai.finks.schemas.payload;

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

  private byte[] in = {};
  private int position;
  private int visit;

  /**
   * Fills the slots from a payload of ASCII bytes.
   *
   * @param visit counts payloads, so that a member that comes twice is noticed
   * @return false when the payload is not plain; the slots are then half filled
   */
  boolean scan(byte[] payload, PointerTree root, int visit, Slots out) {
    this.in = payload;
    this.position = 0;
    this.visit = visit;
    skipSpace();
    return peek() == '{' && object(root, out, 0) && atEnd();
  }

  private boolean atEnd() {
    skipSpace();
    return position == in.length;
  }

  /** The next byte, or 0 at the end; a zero byte is never right in JSON. */
  private int peek() {
    return position < in.length ? in[position] : 0;
  }

  private void skipSpace() {
    while (position < in.length) {
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
    int end = stringEnd();
    if (end < 0 || end - start > MAX_NAME_LENGTH) {
      return false;
    }
    PointerTree child = place.member(in, start, end, index);
    skipSpace();
    if (peek() != ':') {
      return false;
    }
    position++;
    skipSpace();
    if (child == null) {
      out.unknown(place.pathOf(PointerTree.ascii(in, start, end)));
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
        int end = stringEnd();
        if (end >= 0 && place != null) {
          place.found(out, Lexeme.TEXT, in, start + 1, end);
        }
        return end >= 0;
      case 't':
        return word("true", Lexeme.TRUE, place, out);
      case 'f':
        return word("false", Lexeme.FALSE, place, out);
      case 'n':
        return word("null", Lexeme.NULL, place, out);
      default:
        if (!number() || position - start > MAX_NUMBER_LENGTH) {
          return false;
        }
        if (place != null) {
          place.found(out, Lexeme.NUMBER, in, start, position);
        }
        return true;
    }
  }

  /** Goes behind a string and returns where its closing quote is, or -1. */
  private int stringEnd() {
    if (peek() != '"') {
      return -1;
    }
    for (int i = position + 1; i < in.length; i++) {
      byte b = in[i];
      if (b == '"') {
        position = i + 1;
        return i;
      }
      if (b == '\\' || b < ' ') {
        return -1;
      }
    }
    return -1;
  }

  private boolean word(String word, Lexeme kind, @Nullable PointerTree place, Slots out) {
    if (in.length - position < word.length()) {
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

  /** Goes behind a number as RFC 8259 has it. */
  private boolean number() {
    if (peek() == '-') {
      position++;
    }
    int start = position;
    if (digits() == 0 || (in[start] == '0' && position - start > 1)) {
      return false;
    }
    if (peek() == '.') {
      position++;
      if (digits() == 0) {
        return false;
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      position++;
      if (peek() == '+' || peek() == '-') {
        position++;
      }
      return digits() > 0;
    }
    return true;
  }

  private int digits() {
    int start = position;
    while (position < in.length && in[position] >= '0' && in[position] <= '9') {
      position++;
    }
    return position - start;
  }
}
