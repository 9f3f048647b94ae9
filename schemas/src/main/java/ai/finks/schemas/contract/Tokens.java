package ai.finks.schemas.contract;

import java.util.ArrayList;
import java.util.List;

/** A condition's text, cut into words, numbers, quoted texts and symbols. */
final class Tokens {

  enum Kind {
    WORD,
    NUMBER,
    TEXT,
    SYMBOL,
    END
  }

  static final class Token {
    final Kind kind;
    final String text;
    final int column;

    Token(Kind kind, String text, int column) {
      this.kind = kind;
      this.text = text;
      this.column = column;
    }
  }

  private final String in;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  private Tokens(String in) {
    this.in = in;
  }

  /**
   * Cuts a text.
   *
   * @throws IllegalArgumentException at a character that belongs to no token
   */
  static List<Token> of(String text) {
    Tokens tokens = new Tokens(text);
    tokens.cut();
    return tokens.tokens;
  }

  private void cut() {
    while (position < in.length()) {
      char c = in.charAt(position);
      int start = position;
      if (Character.isWhitespace(c)) {
        position++;
      } else if (c == '\'') {
        quoted();
      } else if (isLetter(c)) {
        while (position < in.length()
            && (isLetter(in.charAt(position)) || isDigit(in.charAt(position)))) {
          position++;
        }
        add(Kind.WORD, in.substring(start, position), start);
      } else if (isDigit(c)) {
        while (position < in.length()
            && (isDigit(in.charAt(position)) || in.charAt(position) == '.')) {
          position++;
        }
        add(Kind.NUMBER, in.substring(start, position), start);
      } else {
        symbol();
      }
    }
    add(Kind.END, "the end", in.length());
  }

  private void symbol() {
    for (String symbol : new String[] {"<=", ">=", "!=", "<", ">", "=", "(", ")", ",", "+", "-"}) {
      if (in.startsWith(symbol, position)) {
        add(Kind.SYMBOL, symbol, position);
        position += symbol.length();
        return;
      }
    }
    throw new IllegalArgumentException(
        "'" + in.charAt(position) + "' at column " + (position + 1) + " has no meaning here");
  }

  private void quoted() {
    int start = position++;
    StringBuilder text = new StringBuilder();
    while (position < in.length()) {
      char c = in.charAt(position++);
      if (c != '\'') {
        text.append(c);
      } else if (position < in.length() && in.charAt(position) == '\'') {
        text.append('\'');
        position++;
      } else {
        add(Kind.TEXT, text.toString(), start);
        return;
      }
    }
    throw new IllegalArgumentException("the quote at column " + (start + 1) + " is not closed");
  }

  private void add(Kind kind, String text, int start) {
    tokens.add(new Token(kind, text, start + 1));
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
