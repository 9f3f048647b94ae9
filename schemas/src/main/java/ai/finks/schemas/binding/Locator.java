package ai.finks.schemas.binding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where in a record a value is found. */
public final class Locator {

  /** The kinds of places. */
  public enum Kind {
    /** A JSON pointer (RFC 6901) into the payload. */
    POINTER,
    /** A column of a CSV payload, by its name in the header. */
    COLUMN,
    /** An attribute of the envelope: a request parameter, a file name. */
    ATTRIBUTE,
    /** Nowhere: the binding itself gives the value. */
    CONSTANT
  }

  private final Kind kind;
  private final String text;
  private final @Nullable Pattern pattern;

  private Locator(Kind kind, String text, @Nullable Pattern pattern) {
    this.kind = kind;
    this.text = text;
    this.pattern = pattern;
  }

  /**
   * A place, checked.
   *
   * @throws IllegalArgumentException when the text does not suit the kind
   */
  public static Locator of(Kind kind, String text) {
    if (kind == Kind.POINTER && !text.matches("(/([^~/]|~[01])*)+")) {
      throw new IllegalArgumentException("'" + text + "' is not a JSON pointer like /price");
    }
    if (kind != Kind.CONSTANT && text.isEmpty()) {
      throw new IllegalArgumentException("the name of a column or attribute must not be empty");
    }
    return new Locator(kind, text, null);
  }

  /** This place, with a pattern whose first group is the value; no match means no value. */
  public Locator withPattern(Pattern value) {
    return new Locator(kind, text, value);
  }

  public Kind kind() {
    return kind;
  }

  /** The pointer, the column's or attribute's name, or the constant. */
  public String text() {
    return text;
  }

  /** A pattern whose first group, in the whole text, is the value. */
  public Optional<Pattern> pattern() {
    return Optional.ofNullable(pattern);
  }

  /** The pointer's unescaped steps. */
  public List<String> steps() {
    List<String> steps = new ArrayList<>();
    for (String step : text.substring(1).split("/", -1)) {
      steps.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return steps;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Locator
        && kind == ((Locator) other).kind
        && text.equals(((Locator) other).text)
        && Objects.equals(String.valueOf(pattern), String.valueOf(((Locator) other).pattern));
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, text);
  }

  /** For example {@code pointer /price}. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + text;
  }
}
