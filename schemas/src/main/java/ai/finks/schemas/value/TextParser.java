package ai.finks.schemas.value;

import ai.finks.schemas.payload.Lexeme;
import org.jspecify.annotations.Nullable;

/**
 * Texts. A table of recent strings spares making the same symbol, name or currency again for every
 * record. Where texts seldom come again, as accounts and identifiers do, looking for them costs
 * more than it spares: then the table rests for a while.
 */
final class TextParser implements ValueParser {

  private static final int TABLE_SIZE = 16_384;
  private static final int MAX_REMEMBERED_LENGTH = 64;
  private static final int TRIAL = TABLE_SIZE;
  private static final int REST = 16 * TRIAL;

  private final @Nullable String[] recent = new String[TABLE_SIZE];
  private final int[] recentHashes = new int[TABLE_SIZE];
  private int looked;
  private int found;
  private int resting;

  @Override
  public @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out) {
    if (kind != Lexeme.TEXT) {
      return Flaw.TYPE_MISMATCH;
    }
    int hash = length;
    for (int i = offset; i < offset + length; i++) {
      char c = chars[i];
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return withSurrogates(chars, offset, length, out);
      }
      hash = hash * 31 + c;
    }
    out.setText(
        length <= MAX_REMEMBERED_LENGTH
            ? remembered(hash, chars, offset, length)
            : new String(chars, offset, length));
    return null;
  }

  private String remembered(int hash, char[] chars, int offset, int length) {
    if (resting > 0) {
      resting--;
      return new String(chars, offset, length);
    }
    judgeTable();
    int index = (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
    if (recentHashes[index] == hash) {
      String candidate = recent[index];
      if (candidate != null && equal(candidate, chars, offset, length)) {
        found++;
        return candidate;
      }
    }
    String text = new String(chars, offset, length);
    recent[index] = text;
    recentHashes[index] = hash;
    return text;
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

  private static boolean equal(String text, char[] chars, int offset, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != chars[offset + i]) {
        return false;
      }
    }
    return true;
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
    out.setText(new String(chars, offset, length));
    return null;
  }
}
