package ai.finks.schemas.contract;

import ai.finks.schemas.contract.Tokens.Kind;
import ai.finks.schemas.contract.Tokens.Token;
import java.util.List;

/** Walks over a condition's tokens. */
final class TokenCursor {

  private final List<Token> tokens;
  private int position;

  TokenCursor(String text) {
    this.tokens = Tokens.of(text);
  }

  Token peek() {
    return tokens.get(position);
  }

  Token next() {
    return tokens.get(position++);
  }

  /** Goes one token back. */
  void back() {
    position--;
  }

  boolean takeWord(String word) {
    return take(Kind.WORD, word);
  }

  boolean takeSymbol(String symbol) {
    return take(Kind.SYMBOL, symbol);
  }

  private boolean take(Kind kind, String text) {
    if (peek().kind == kind && peek().text.equals(text)) {
      position++;
      return true;
    }
    return false;
  }

  void expectWord(String word) {
    if (!takeWord(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  /** Says what should stand where the cursor is. */
  IllegalArgumentException unexpected(String expected) {
    return new IllegalArgumentException(
        String.format(
            "%s is expected at column %d, not '%s'", expected, peek().column, peek().text));
  }
}
