package ai.finks.schemas.value;

import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Texts. A table of recent ones spares making the same symbol, name or currency again for every
 * record. Where texts seldom come again, as accounts and identifiers do, looking for them costs
 * more than it spares: then the table rests for a while.
 */
final class TextParser implements ValueParser {

  private static final int TABLE_SIZE = 16_384;
  // Texts whose hashes meet share a few places: a symbol that is always evicted costs its checks
  // and its place in the dictionary anew each time.
  private static final int PLACES = 4;
  private static final int MAX_REMEMBERED_LENGTH = 64;
  private static final int TRIAL = TABLE_SIZE;
  private static final int REST = 16 * TRIAL;

  private final @Nullable Utf8Text[] recent = new Utf8Text[TABLE_SIZE];
  private final int[] recentHashes = new int[TABLE_SIZE];
  private final byte[] narrow = new byte[MAX_REMEMBERED_LENGTH];
  private @Nullable Utf8Text last;
  private int evicted;
  private int looked;
  private int found;
  private int resting;

  @Override
  public @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out) {
    if (kind != Lexeme.TEXT) {
      return Flaw.TYPE_MISMATCH;
    }
    boolean ascii = true;
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return withSurrogates(chars, offset, length, out);
      }
      ascii &= c < 0x80;
    }
    if (ascii && length <= MAX_REMEMBERED_LENGTH) {
      for (int i = 0; i < length; i++) {
        narrow[i] = (byte) chars[offset + i];
      }
      out.setText(remembered(narrow, 0, length));
    } else {
      out.setText(Utf8Text.of(new String(chars, offset, length)));
    }
    return null;
  }

  @Override
  public @Nullable Flaw parse(Slots slots, int slot, int offset, int length, Cell out) {
    byte[] ascii = slots.ascii();
    if (ascii == null || slots.kind(slot) != Lexeme.TEXT) {
      return parse(slots.kind(slot), slots.chars(), offset, length, out);
    }
    out.setText(
        length <= MAX_REMEMBERED_LENGTH
            ? remembered(ascii, offset, length)
            : Utf8Text.copyOf(ascii, offset, length, 0));
    return null;
  }

  private Utf8Text remembered(byte[] ascii, int offset, int length) {
    if (resting > 0) {
      resting--;
      return Utf8Text.copyOf(ascii, offset, length, 0);
    }
    judgeTable();
    Utf8Text before = last;
    if (before != null && before.isSame(ascii, offset, length)) {
      found++;
      return before;
    }
    Utf8Text text = inTable(ascii, offset, length);
    last = text;
    return text;
  }

  private Utf8Text inTable(byte[] ascii, int offset, int length) {
    int hash = Utf8Text.hash(ascii, offset, length);
    int home = hash & (TABLE_SIZE - 1);
    for (int i = 0; i < PLACES; i++) {
      int place = home ^ i;
      if (recentHashes[place] == hash) {
        Utf8Text candidate = recent[place];
        if (candidate != null && candidate.isSame(ascii, offset, length)) {
          found++;
          return candidate;
        }
      }
    }
    Utf8Text text = Utf8Text.copyOf(ascii, offset, length, hash);
    int place = placeFor(home);
    recent[place] = text;
    recentHashes[place] = hash;
    return text;
  }

  /** A free one of the places, else each of them in turn. */
  private int placeFor(int home) {
    for (int i = 0; i < PLACES; i++) {
      if (recent[home ^ i] == null) {
        return home ^ i;
      }
    }
    return home ^ (evicted++ & (PLACES - 1));
  }

  /** Lets the table rest when less than half of the texts of a trial were in it. */
  private void judgeTable() {
    if (++looked == TRIAL) {
      if (found < TRIAL / 2) {
        resting = REST;
      }
      looked = 0;
      found = 0;
    }
  }

  /** JSON can write half a surrogate pair, which no UTF-8 text can hold. */
  private static @Nullable Flaw withSurrogates(char[] chars, int offset, int length, Cell out) {
    for (int i = offset; i < offset + length; i++) {
      if (Character.isHighSurrogate(chars[i])
          && i + 1 < offset + length
          && Character.isLowSurrogate(chars[i + 1])) {
        i++;
      } else if (Character.isSurrogate(chars[i])) {
        return Flaw.TYPE_MISMATCH;
      }
    }
    out.setText(Utf8Text.of(new String(chars, offset, length)));
    return null;
  }
}
