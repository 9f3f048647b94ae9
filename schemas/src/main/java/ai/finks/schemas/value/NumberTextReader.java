package ai.finks.schemas.value;

import ai.finks.schemas.binding.NumberText;
import ai.finks.schemas.binding.NumberText.Style;
import ai.finks.schemas.payload.Lexeme;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as people write them: {@code $1,234.50}, {@code (12.30)}, {@code 12,5 %}, {@code 70.5B},
 * {@code 1.234,56 EUR}. What stands around the digits is taken off from both ends, what is left
 * must be digits with at most one decimal mark, and groups must be groups of three.
 */
final class NumberTextReader implements ValueParser {

  private static final int MAX_LENGTH = 200;
  private static final int CODE_LENGTH = 3;
  private static final char MINUS = '\u2212';
  private static final char NO_BREAK_SPACE = '\u00A0';
  private static final char NARROW_NO_BREAK_SPACE = '\u202F';

  private final NumberText text;
  private final DecimalParser decimals;
  private final char[] plain = new char[MAX_LENGTH + 1];
  private char[] in = {};
  private int start;
  private int end;
  private boolean negative;
  private boolean signed;
  private boolean currencySeen;
  private boolean foreign;
  private int power;

  NumberTextReader(NumberText text, DecimalParser decimals) {
    this.text = text;
    this.decimals = decimals;
  }

  @Override
  public @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out) {
    if (kind == Lexeme.NUMBER) {
      return decimals.scaled(chars, offset, length, text.factor(), 0, out);
    }
    if (kind != Lexeme.TEXT || length > MAX_LENGTH) {
      return Flaw.TYPE_MISMATCH;
    }
    in = chars;
    start = offset;
    end = offset + length;
    negative = false;
    signed = false;
    currencySeen = false;
    foreign = false;
    power = 0;
    parentheses();
    boolean more = true;
    while (more) {
      strip();
      more = start < end && (leading() || trailing());
    }
    int size = digits();
    if (size < 0) {
      return Flaw.TYPE_MISMATCH;
    }
    return foreign
        ? Flaw.UNKNOWN_VALUE
        : decimals.scaled(plain, 0, size, text.factor(), power, out);
  }

  private void strip() {
    while (start < end && isSpace(in[start])) {
      start++;
    }
    while (end > start && isSpace(in[end - 1])) {
      end--;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == NO_BREAK_SPACE || c == NARROW_NO_BREAK_SPACE;
  }

  /** A loss in parentheses. */
  private void parentheses() {
    strip();
    boolean closed = end - start > 2 && in[start] == '(' && in[end - 1] == ')';
    if (text.has(Style.CURRENCY) && closed) {
      negative = true;
      signed = true;
      start++;
      end--;
    }
  }

  private boolean leading() {
    if (!signed && isSign(in[start])) {
      sign(in[start++]);
      return true;
    }
    if (!text.has(Style.CURRENCY) || currencySeen) {
      return false;
    }
    int length = leadingCurrency();
    if (length > 0) {
      currency(start, length);
      start += length;
    }
    return length > 0;
  }

  private boolean trailing() {
    char last = in[end - 1];
    if (!signed && text.has(Style.CURRENCY) && (last == '-' || last == MINUS)) {
      end--;
      sign('-');
      return true;
    }
    if (text.has(Style.PERCENT) && last == '%') {
      // A second sign is left to the digits, which it is none of.
      end--;
      return end == start || in[end - 1] != '%';
    }
    int letters = letters();
    if (text.has(Style.MAGNITUDE) && power == 0 && letters > 0) {
      power = power(letters);
      if (power > 0) {
        end -= letters;
        return true;
      }
    }
    if (!text.has(Style.CURRENCY) || currencySeen) {
      return false;
    }
    int length = trailingCurrency(letters);
    if (length > 0) {
      end -= length;
      currency(end, length);
    }
    return length > 0;
  }

  private static boolean isSign(char c) {
    return c == '-' || c == '+' || c == MINUS;
  }

  private void sign(char c) {
    signed = true;
    negative = c != '+';
  }

  private void currency(int from, int length) {
    currencySeen = true;
    List<String> known = text.currencies();
    foreign = !known.isEmpty() && !known.contains(new String(in, from, length));
  }

  /** The length of a symbol, a code, or letters with a symbol such as US$. */
  private int leadingCurrency() {
    for (String known : text.currencies()) {
      if (end - start > known.length() && known.contentEquals(slice(start, known.length()))) {
        return known.length();
      }
    }
    int letters = 0;
    while (start + letters < end && isLetter(in[start + letters])) {
      letters++;
    }
    if (letters <= CODE_LENGTH && start + letters < end && isSymbol(in[start + letters])) {
      return letters + 1;
    }
    return letters == CODE_LENGTH && isCode(start) ? letters : 0;
  }

  private int trailingCurrency(int letters) {
    for (String known : text.currencies()) {
      int from = end - known.length();
      if (from > start && known.contentEquals(slice(from, known.length()))) {
        return known.length();
      }
    }
    if (isSymbol(in[end - 1])) {
      return 1;
    }
    return letters == CODE_LENGTH && isCode(end - letters) ? letters : 0;
  }

  private CharSequence slice(int from, int length) {
    return java.nio.CharBuffer.wrap(in, from, length);
  }

  private boolean isCode(int from) {
    for (int i = from; i < from + CODE_LENGTH; i++) {
      if (in[i] > 'Z') {
        return false;
      }
    }
    return true;
  }

  /** A cent is no currency: what it stands behind is a hundredth of one. */
  private static boolean isSymbol(char c) {
    return Character.getType(c) == Character.CURRENCY_SYMBOL && c != '\u00A2';
  }

  private static boolean isLetter(char c) {
    return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
  }

  /** How many letters stand at the end. */
  private int letters() {
    int from = end;
    while (from > start && isLetter(in[from - 1])) {
      from--;
    }
    return end - from;
  }

  /** The power of ten of a suffix; 0 when it is none. */
  private int power(int letters) {
    char first = Character.toLowerCase(in[end - letters]);
    boolean known = letters == 1 || (letters == 2 && Character.toLowerCase(in[end - 1]) == 'n');
    switch (known ? first : ' ') {
      case 'k':
        return letters == 1 ? 3 : 0;
      case 'm':
        return 6;
      case 'b':
        return 9;
      case 't':
        return 12;
      default:
        return 0;
    }
  }

  /** Copies the number in its plain form; the length of it, or -1 when there is none. */
  private int digits() {
    int size = 0;
    if (negative) {
      plain[size++] = '-';
    }
    char group = 0;
    int run = 0;
    boolean leadingZero = start < end && in[start] == '0';
    for (int i = start; i < end; i++) {
      char c = in[i];
      if (c >= '0' && c <= '9') {
        plain[size++] = c;
        run++;
      } else if (c == text.decimalMark()) {
        return group != 0 && run != 3 ? -1 : rest(i, size);
      } else if (text.isGrouped() && isGroup(c)) {
        boolean first = group == 0;
        if (first ? run < 1 || run > 3 || leadingZero : run != 3 || c != group) {
          return -1;
        }
        group = c;
        run = 0;
      } else {
        return group == 0 && run > 0 ? rest(i, size) : -1;
      }
    }
    return run == 0 || (group != 0 && run != 3) ? -1 : size;
  }

  /** Copies decimals and exponent as they are; the parser of decimals looks at their form. */
  private int rest(int from, int size) {
    int to = size;
    for (int i = from; i < end; i++) {
      plain[to++] = in[i] == text.decimalMark() ? '.' : in[i] == '.' ? ',' : in[i];
    }
    return to;
  }

  private boolean isGroup(char c) {
    return c == '\'' || c == '\u2019' || isSpace(c) || c == (text.decimalMark() == '.' ? ',' : '.');
  }
}
