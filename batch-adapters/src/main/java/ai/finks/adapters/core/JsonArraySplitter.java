package ai.finks.adapters.core;

import ai.finks.adapters.core.MalformedContentException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a JSON array into the exact texts of its elements.
 *
 * <p>Strings, escapes and nesting are understood, values are not: an element that JSON would refuse
 * for its inside (a bad number, a bad escape) is still handed out, as its bytes are what the source
 * said. What breaks the boundaries of elements (brackets that do not match, a missing comma, text
 * after the end) is a {@link MalformedContentException}. White space around an element and a byte
 * order mark ahead of the array are not part of an element. {@link #sequence()} is the element's
 * index, from 0.
 */
public final class JsonArraySplitter extends BoundedWindow implements RecordSplitter {
  private static final int MAX_DEPTH = 1_000_000;

  private enum State {
    BEFORE_ARRAY,
    BEFORE_FIRST,
    AFTER_ELEMENT,
    AFTER_ARRAY
  }

  private State state = State.BEFORE_ARRAY;
  private long index = -1;
  private int depth;
  // One bit per level: set for an object, clear for an array.
  private long[] levels = new long[4];

  /**
   * @param in read until its end, never closed
   * @param maxElementBytes a longer element is skipped and reported as oversize
   */
  public JsonArraySplitter(InputStream in, int maxElementBytes) {
    super(in, maxElementBytes);
  }

  @Override
  public boolean next() throws IOException {
    dropRecord();
    if (state == State.AFTER_ARRAY) {
      return false;
    }
    if (state == State.BEFORE_ARRAY) {
      openArray();
    }
    int next = skipSpace();
    if (next == ']') {
      position++;
      closeArray();
      return false;
    }
    if (state == State.AFTER_ELEMENT) {
      if (next != ',') {
        throw next < 0 ? truncated() : broken("a comma or the array's end was expected");
      }
      position++;
      next = skipSpace();
    }
    if (next < 0) {
      throw truncated();
    }
    index++;
    readElement(next);
    state = State.AFTER_ELEMENT;
    return true;
  }

  private void openArray() throws IOException {
    skipByteOrderMark();
    int first = skipSpace();
    if (first < 0) {
      throw new MalformedContentException(Kind.TRUNCATED, "the content is empty");
    }
    if (first != '[') {
      throw new MalformedContentException(Kind.NOT_AN_ARRAY, "the content is not a JSON array");
    }
    position++;
    state = State.BEFORE_FIRST;
  }

  private void closeArray() throws IOException {
    if (skipSpace() >= 0) {
      throw broken("there is content after the array's end");
    }
    state = State.AFTER_ARRAY;
  }

  private void readElement(int first) throws IOException {
    beginRecord();
    switch (first) {
      case '{', '[' -> readNested();
      case '"' -> {
        position++;
        readString();
      }
      default -> readScalar();
    }
    endRecord(position);
  }

  private void readNested() throws IOException {
    depth = 0;
    do {
      int at = position;
      while (at < limit && !isStructure(buffer[at])) {
        at++;
      }
      position = at;
      if (at == limit) {
        if (!refill()) {
          throw truncated();
        }
        continue;
      }
      position++;
      switch (buffer[at]) {
        case '"' -> readString();
        case '{' -> push(true);
        case '[' -> push(false);
        case '}' -> pop(true);
        default -> pop(false);
      }
    } while (depth > 0);
  }

  private static boolean isStructure(byte b) {
    return b == '"' || b == '{' || b == '}' || b == '[' || b == ']';
  }

  private void readString() throws IOException {
    while (true) {
      int at = position;
      while (at < limit && buffer[at] != '"' && buffer[at] != '\\') {
        at++;
      }
      position = at;
      if (at == limit) {
        if (!refill()) {
          throw truncated();
        }
        continue;
      }
      position++;
      if (buffer[at] == '"') {
        return;
      }
      if (position == limit && !refill()) {
        throw truncated();
      }
      position++;
    }
  }

  private void readScalar() throws IOException {
    boolean empty = true;
    while (true) {
      if (position == limit && !refill()) {
        // A number at the end of the stream may be the beginning of a longer one.
        throw truncated();
      }
      byte b = buffer[position];
      if (b == ',' || b == ']' || isSpace(b)) {
        break;
      }
      if (isStructure(b) || b == ':') {
        throw broken("a value was expected");
      }
      empty = false;
      position++;
    }
    if (empty) {
      throw broken("a value was expected");
    }
  }

  private void push(boolean object) throws MalformedContentException {
    if (depth == MAX_DEPTH) {
      throw broken("nesting is deeper than " + MAX_DEPTH);
    }
    int word = depth >> 6;
    if (word == levels.length) {
      levels = Arrays.copyOf(levels, word * 2);
    }
    long bit = 1L << depth;
    levels[word] = object ? levels[word] | bit : levels[word] & ~bit;
    depth++;
  }

  private void pop(boolean object) throws MalformedContentException {
    depth--;
    boolean opened = (levels[depth >> 6] & 1L << depth) != 0;
    if (opened != object) {
      throw broken("brackets do not match");
    }
  }

  /** The next byte that is not white space, not consumed, or -1 at the end of the stream. */
  private int skipSpace() throws IOException {
    while (true) {
      while (position < limit && isSpace(buffer[position])) {
        position++;
      }
      if (position < limit) {
        return buffer[position];
      }
      if (!refill()) {
        return -1;
      }
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private MalformedContentException truncated() {
    return new MalformedContentException(
        Kind.TRUNCATED, "the array ends unfinished after " + streamPosition() + " bytes");
  }

  private MalformedContentException broken(String what) {
    return new MalformedContentException(
        Kind.BROKEN, what + " at byte " + streamPosition() + ", element " + Math.max(index, 0));
  }

  @Override
  public long sequence() {
    return index;
  }
}
