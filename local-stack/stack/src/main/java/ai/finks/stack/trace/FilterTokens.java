package ai.finks.stack.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of an expression, one after the other. */
final class FilterTokens {
  private static final int MAX_LENGTH = 20_000;
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<space>\\s+)"
              + "|(?<text>'[^']*+(?:''[^']*+)*+')"
              + "|(?<number>\\d+(?:\\.\\d+)?)"
              + "|(?<name>[A-Za-z_][A-Za-z_0-9]*(?:\\.[A-Za-z_][A-Za-z_0-9]*)?)"
              + "|(?<symbol><=|>=|<>|!=|[=<>(),+-])");

  /** What a word is. */
  enum Kind {
    TEXT,
    NUMBER,
    NAME,
    SYMBOL,
    END
  }

  /**
   * A word.
   *
   * @param kind what it is
   * @param text as it was written; of a text its content
   * @param position where it begins, from 0
   */
  record Token(Kind kind, String text, int position) {
    boolean is(String word) {
      return (kind == Kind.NAME || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
    }

    @Override
    public String toString() {
      return switch (kind) {
        case END -> "the end";
        case TEXT -> "a text";
        default -> "'" + text + "'";
      };
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private int next;

  FilterTokens(String expression) {
    if (expression.length() > MAX_LENGTH) {
      throw new RowFilterException("an expression has at most " + MAX_LENGTH + " characters");
    }
    Matcher matcher = TOKEN.matcher(expression);
    int at = 0;
    while (at < expression.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw RowFilterException.at(at, problemWith(expression.charAt(at)));
      }
      add(matcher, at);
      at = matcher.end();
    }
    tokens.add(new Token(Kind.END, "", expression.length()));
  }

  private static String problemWith(char character) {
    return switch (character) {
      case '\'' -> "the text that begins here has no end";
      case '"' -> "texts stand in single quotes, names in none";
      default -> "'" + character + "' means nothing here";
    };
  }

  private void add(Matcher matcher, int at) {
    if (matcher.group("text") != null) {
      String quoted = matcher.group("text");
      String text = quoted.substring(1, quoted.length() - 1).replace("''", "'");
      tokens.add(new Token(Kind.TEXT, text, at));
    } else if (matcher.group("number") != null) {
      tokens.add(new Token(Kind.NUMBER, matcher.group(), at));
    } else if (matcher.group("name") != null) {
      tokens.add(new Token(Kind.NAME, matcher.group().toLowerCase(Locale.ROOT), at));
    } else if (matcher.group("symbol") != null) {
      tokens.add(new Token(Kind.SYMBOL, matcher.group(), at));
    }
  }

  Token peek() {
    return tokens.get(next);
  }

  Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  /** Takes the next word if it is this one. */
  boolean takeIf(String word) {
    boolean is = peek().is(word);
    if (is) {
      next++;
    }
    return is;
  }

  void expect(String word) {
    if (!takeIf(word)) {
      throw failure(peek(), "expected '" + word + "', found " + peek());
    }
  }

  RowFilterException failure(Token at, String problem) {
    return RowFilterException.at(at.position(), problem);
  }
}
