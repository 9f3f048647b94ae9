package ai.finks.schemas.value;

import ai.finks.schemas.binding.FieldBinding;
import ai.finks.schemas.binding.Locator;
import ai.finks.schemas.binding.Unlisted;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.Slots;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts what a record holds for one field into the field's value, as its binding says: trim,
 * null tokens, words, type, default. Compiled once; not thread-safe.
 */
public final class ValueConverter {

  private final boolean required;
  private final boolean trim;
  private final char[][] nullTokens;
  private final Map<String, String> values;
  private final Unlisted unlisted;
  private final ValueParser parser;
  private final ValueParser literals;
  private final @Nullable Cell constant;
  private final @Nullable Cell absent;

  private ValueConverter(Field field, FieldBinding binding) {
    this.required = field.required();
    this.trim = binding.trim();
    this.nullTokens = binding.nullTokens().stream().map(String::toCharArray).toArray(char[][]::new);
    this.values = new HashMap<>(binding.values());
    this.unlisted = binding.unlisted();
    this.literals = parser(field.type(), binding);
    this.parser = numberText(field.type(), binding, literals);
    this.absent = binding.defaultText().map(text -> literal("default", text, field)).orElse(null);
    this.constant =
        binding.locator().kind() == Locator.Kind.CONSTANT
            ? literal("constant", binding.locator().text(), field)
            : null;
    for (String value : values.values()) {
      literal("value", value, field);
    }
  }

  /**
   * Compiles the converter of a field.
   *
   * @throws OptionMismatchException when an option does not suit the field's type
   * @throws IllegalArgumentException when the binding does not suit the field's type otherwise
   */
  public static ValueConverter of(Field field, FieldBinding binding) {
    checkOptions(field.type(), binding);
    return new ValueConverter(field, binding);
  }

  private static void checkOptions(FieldType type, FieldBinding binding) {
    boolean moment = type.kind() == FieldType.Kind.DATE || type.kind() == FieldType.Kind.TIMESTAMP;
    boolean number = type.isNumeric();
    refuse(!moment, type, binding, "format", "epoch", "zone", "gap", "overlap");
    refuse(!moment && !number, type, binding, "round");
    refuse(
        !number, type, binding, "number", "decimal-mark", "currencies", "multiply-by", "divide-by");
    refuse(type.kind() != FieldType.Kind.BOOLEAN, type, binding, "true-tokens", "false-tokens");
    if (binding.locator().kind() == Locator.Kind.CONSTANT) {
      for (String option :
          List.of("default", "pattern", "trim", "null-tokens", "values", "number", "divide-by")) {
        if (binding.says(option)) {
          throw new OptionMismatchException(option, "a constant needs no " + option);
        }
      }
    }
  }

  private static void refuse(
      boolean wrong, FieldType type, FieldBinding binding, String... options) {
    for (String option : options) {
      if (wrong && binding.says(option)) {
        throw new OptionMismatchException(
            option, "'" + option + "' does not suit the type " + type);
      }
    }
  }

  /** How a source writes numbers says nothing of how the binding writes its own. */
  private static ValueParser numberText(
      FieldType type, FieldBinding binding, ValueParser literals) {
    return binding.numberText().isPlain() || !type.isNumeric()
        ? literals
        : new NumberTextReader(
            binding.numberText(), DecimalParser.of(type, binding.rounding().orElse(null)));
  }

  private static ValueParser parser(FieldType type, FieldBinding binding) {
    switch (type.kind()) {
      case STRING:
        return new TextParser();
      case BOOLEAN:
        return new BooleanParser(binding.trueTokens(), binding.falseTokens());
      case DATE:
        return MomentParser.ofDays(binding);
      case TIMESTAMP:
        return MomentParser.ofInstants(binding);
      default:
        return DecimalParser.of(type, binding.rounding().orElse(null));
    }
  }

  private Cell literal(String what, String text, Field field) {
    Cell cell = new Cell();
    Flaw flaw = literals.parse(Lexeme.TEXT, text.toCharArray(), 0, text.length(), cell);
    if (flaw != null) {
      throw new IllegalArgumentException(
          String.format("the %s '%s' is no %s (%s)", what, text, field.type(), flaw.name()));
    }
    return cell;
  }

  /**
   * Converts a slot's value.
   *
   * @return what is wrong, or null when the cell was set, maybe to null
   */
  public @Nullable Flaw convert(Slots slots, int slot, Cell out) {
    if (constant != null) {
      out.set(constant);
      return null;
    }
    Lexeme kind = slots.kind(slot);
    if (kind == Lexeme.ABSENT || kind == Lexeme.NULL) {
      return absent(out);
    }
    byte[] ascii = slots.ascii();
    if (ascii != null && values.isEmpty()) {
      return convert(ascii, slots, slot, out);
    }
    char[] chars = slots.chars();
    int start = slots.start(slot);
    int end = start + slots.length(slot);
    if (trim) {
      while (start < end && Character.isWhitespace(chars[start])) {
        start++;
      }
      while (end > start && Character.isWhitespace(chars[end - 1])) {
        end--;
      }
    }
    if ((kind == Lexeme.TEXT || kind == Lexeme.NUMBER) && isNull(chars, start, end)) {
      return absent(out);
    }
    if (!values.isEmpty()) {
      return word(kind, chars, start, end, out);
    }
    return parser.parse(kind, chars, start, end - start, out);
  }

  /** The same where texts are still bytes, all of them ASCII. */
  private @Nullable Flaw convert(byte[] ascii, Slots slots, int slot, Cell out) {
    int start = slots.start(slot);
    int end = start + slots.length(slot);
    if (trim) {
      while (start < end && Character.isWhitespace(ascii[start])) {
        start++;
      }
      while (end > start && Character.isWhitespace(ascii[end - 1])) {
        end--;
      }
    }
    if (nullTokens.length > 0) {
      Lexeme kind = slots.kind(slot);
      if ((kind == Lexeme.TEXT || kind == Lexeme.NUMBER) && isNull(ascii, start, end)) {
        return absent(out);
      }
    }
    return parser.parse(slots, slot, start, end - start, out);
  }

  private @Nullable Flaw absent(Cell out) {
    if (absent != null) {
      out.set(absent);
      return null;
    }
    out.setNull();
    return required ? Flaw.MISSING : null;
  }

  private boolean isNull(char[] chars, int start, int end) {
    for (char[] token : nullTokens) {
      if (token.length == end - start
          && java.util.Arrays.equals(token, 0, token.length, chars, start, end)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNull(byte[] ascii, int start, int end) {
    for (char[] token : nullTokens) {
      boolean same = token.length == end - start;
      for (int i = 0; same && i < token.length; i++) {
        same = token[i] == ascii[start + i];
      }
      if (same) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Flaw word(Lexeme kind, char[] chars, int start, int end, Cell out) {
    if (kind != Lexeme.TEXT && kind != Lexeme.NUMBER) {
      return Flaw.TYPE_MISMATCH;
    }
    String word = values.get(new String(chars, start, end - start));
    if (word != null) {
      return literals.parse(Lexeme.TEXT, word.toCharArray(), 0, word.length(), out);
    }
    switch (unlisted) {
      case KEEP:
        return parser.parse(kind, chars, start, end - start, out);
      case ABSENT:
        return absent(out);
      default:
        return Flaw.UNKNOWN_VALUE;
    }
  }
}
