package ai.finks.schemas.payload;

/** Joins the texts of several slots into one. */
final class Combination {

  private final int slot;
  private final int[] parts;
  private final String separator;

  /**
   * @param slot where the joined text goes
   * @param parts the slots of what is joined
   */
  Combination(int slot, int[] parts, String separator) {
    this.slot = slot;
    this.parts = parts;
    this.separator = separator;
  }

  /**
   * Joins the parts, without the white space around them. Without one of them, or with a blank one,
   * there is no value: half a name or half a time is none.
   */
  void apply(Slots slots) {
    for (int part : parts) {
      Lexeme kind = slots.kind(part);
      boolean absent = kind == Lexeme.ABSENT || kind == Lexeme.NULL;
      boolean text = kind == Lexeme.TEXT || kind == Lexeme.NUMBER;
      if (absent || (text && isBlank(slots, part))) {
        slots.set(slot, Lexeme.ABSENT);
        return;
      }
      if (!text) {
        slots.set(slot, kind);
        return;
      }
    }
    int start = slots.used();
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        slots.append(separator);
      }
      int from = first(slots, parts[i]);
      slots.append(slots.chars(), from, last(slots, parts[i]) - from);
    }
    slots.set(slot, Lexeme.TEXT, start, slots.used() - start);
  }

  private static boolean isBlank(Slots slots, int part) {
    return first(slots, part) == slots.start(part) + slots.length(part);
  }

  private static int first(Slots slots, int part) {
    int at = slots.start(part);
    int end = at + slots.length(part);
    while (at < end && Character.isWhitespace(slots.chars()[at])) {
      at++;
    }
    return at;
  }

  /** Where the text ends without white space; only for one that is not blank. */
  private static int last(Slots slots, int part) {
    int end = slots.start(part) + slots.length(part);
    while (Character.isWhitespace(slots.chars()[end - 1])) {
      end--;
    }
    return end;
  }
}
