package ai.finks.schemas.value;

import ai.finks.schemas.payload.Lexeme;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** True and false, as JSON writes them or as the binding's tokens say. */
final class BooleanParser implements ValueParser {

  private final Set<String> trueTokens;
  private final Set<String> falseTokens;

  BooleanParser(List<String> trueTokens, List<String> falseTokens) {
    this.trueTokens = trueTokens.isEmpty() ? Set.of("true") : Set.copyOf(trueTokens);
    this.falseTokens = falseTokens.isEmpty() ? Set.of("false") : Set.copyOf(falseTokens);
    for (String token : this.trueTokens) {
      if (this.falseTokens.contains(token)) {
        throw new IllegalArgumentException("'" + token + "' stands for true and for false");
      }
    }
  }

  @Override
  public @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out) {
    switch (kind) {
      case TRUE:
        out.setNumber(1);
        return null;
      case FALSE:
        out.setNumber(0);
        return null;
      case TEXT:
      case NUMBER:
        String token = new String(chars, offset, length);
        if (trueTokens.contains(token)) {
          out.setNumber(1);
          return null;
        }
        if (falseTokens.contains(token)) {
          out.setNumber(0);
          return null;
        }
        return Flaw.TYPE_MISMATCH;
      default:
        return Flaw.TYPE_MISMATCH;
    }
  }
}
