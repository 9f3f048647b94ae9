package ai.finks.schemas.value;

import ai.finks.schemas.payload.Lexeme;
import org.jspecify.annotations.Nullable;

/** Turns what stands in a record into a value of one type. */
interface ValueParser {

  /**
   * Parses characters, or a lexeme without characters such as true.
   *
   * @return what is wrong, or null when the cell was set
   */
  @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out);
}
