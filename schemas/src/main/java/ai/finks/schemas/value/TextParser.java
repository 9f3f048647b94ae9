package ai.finks.schemas.value;

import ai.finks.schemas.payload.Lexeme;
import org.jspecify.annotations.Nullable;

/**
 * Texts. A small table of recent strings spares making the same symbol, name or currency again for
 * every record.
 */
final class TextParser implements ValueParser {

  private static final int TABLE_SIZE = 4096;
  private static final int MAX_REMEMBERED_LENGTH = 64;

  private final @Nullable String[] recent = new String[TABLE_SIZE];

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
    int index = (hash ^ (hash >>> 15)) & (TABLE_SIZE - 1);
    String candidate = recent[index];
    if (candidate != null && equal(candidate, chars, offset, length)) {
      return candidate;
    }
    String text = new String(chars, offset, length);
    recent[index] = text;
    return text;
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
