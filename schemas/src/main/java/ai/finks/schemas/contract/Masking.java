package ai.finks.schemas.contract;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How personal data is hidden before anything but Bronze and quarantine sees it.
 *
 * <p>Written as {@code tokenise}, {@code tokenise(name-of-key)}, {@code truncate(n)}, {@code
 * generalise(month)}, {@code generalise(year)}, {@code generalise(step)} or {@code drop}.
 */
public final class Masking {

  /** The ways of hiding. */
  public enum Kind {
    /** A keyed hash of the value: equal values have equal tokens, and nothing can be read back. */
    TOKENISE,
    /** Only the last characters of a text stay. */
    TRUNCATE,
    /** Dates become the first of their month or year, numbers the lower bound of their step. */
    GENERALISE,
    /** The column does not exist in Silver. */
    DROP
  }

  private static final Pattern SYNTAX =
      Pattern.compile("(tokenise|truncate|generalise|drop)(?:\\(\\s*([^()\\s]+)\\s*\\))?");
  private static final Pattern KEY_NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");

  private final Kind kind;
  private final String argument;

  private Masking(Kind kind, String argument) {
    this.kind = kind;
    this.argument = argument;
  }

  /**
   * Parses a masking for a field of a type.
   *
   * @throws IllegalArgumentException when the text is none, or does not suit the type
   */
  public static Masking parse(String text, FieldType type) {
    Matcher matcher = SYNTAX.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is none of tokenise, truncate(n), generalise(month|year|step), drop");
    }
    Kind kind = Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    String argument = matcher.group(2) == null ? "" : matcher.group(2);
    Masking masking = new Masking(kind, argument);
    masking.check(type);
    return masking;
  }

  private void check(FieldType type) {
    switch (kind) {
      case TOKENISE:
        require(
            argument.isEmpty() || KEY_NAME.matcher(argument).matches(),
            "the key name of tokenise must be lower-case letters, digits, '.', '_' and '-'");
        return;
      case TRUNCATE:
        require(argument.matches("[1-9][0-9]{0,2}"), "truncate needs how many characters stay");
        require(type.isText(), "truncate is for strings, not for " + type);
        return;
      case GENERALISE:
        checkGeneralise(type);
        return;
      case DROP:
        require(argument.isEmpty(), "drop takes nothing in parentheses");
    }
  }

  private void checkGeneralise(FieldType type) {
    if (type.kind() == FieldType.Kind.DATE) {
      require(argument.matches("month|year"), "generalise of a date needs month or year");
      return;
    }
    require(
        type.isNumeric() && !type.isWide(),
        "generalise is for dates and numbers of up to 18 digits, not for " + type);
    require(
        argument.matches("[0-9]{1,15}(\\.[0-9]+)?") && new BigDecimal(argument).signum() > 0,
        "generalise of a number needs a positive step");
    BigDecimal step = new BigDecimal(argument);
    require(
        step.stripTrailingZeros().scale() <= type.scale()
            && step.precision() - step.scale() + type.scale() <= FieldType.MAX_COMPACT_PRECISION,
        "the step " + argument + " does not fit " + type);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  public Kind kind() {
    return kind;
  }

  /** The name of the key to tokenise with, when it is not the field's own. */
  public Optional<String> keyName() {
    return kind == Kind.TOKENISE && !argument.isEmpty() ? Optional.of(argument) : Optional.empty();
  }

  /** How many characters truncate leaves. */
  public int kept() {
    return Integer.parseInt(argument);
  }

  /** What generalise rounds a date down to. */
  public Period period() {
    return argument.equals("month") ? Period.MONTH : Period.YEAR;
  }

  /** What generalise rounds a number down to a multiple of. */
  public BigDecimal step() {
    return new BigDecimal(argument);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Masking
        && kind == ((Masking) other).kind
        && argument.equals(((Masking) other).argument);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, argument);
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return argument.isEmpty() ? name : name + "(" + argument + ")";
  }
}
