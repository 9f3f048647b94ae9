package ai.finks.schemas.value;

import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.Slots;
import org.jspecify.annotations.Nullable;

/** Turns what stands in a record into a value of one type. */
interface ValueParser {

  /**
   * Parses characters, or a lexeme without characters such as true.
   *
   * @return what is wrong, or null when the cell was set
   */
  @Nullable Flaw parse(Lexeme kind, char[] chars, int offset, int length, Cell out);

  /**
   * Parses a part of what a slot holds, when it lies in {@link Slots#ascii}.
   *
   * @return what is wrong, or null when the cell was set
   */
  default @Nullable Flaw parse(Slots slots, int slot, int offset, int length, Cell out) {
    return parse(slots.kind(slot), slots.chars(), offset, length, out);
  }
}
