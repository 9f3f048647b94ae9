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
    /** A JSON pointer (RFC 6901) into the payload, or a path of XML names. */
    POINTER,
    /** A column of a CSV payload, by its name in the header. */
    COLUMN,
    /** An attribute of the envelope: a request parameter, a file name. */
    ATTRIBUTE,
    /** A pointer into one element of the array that the binding explodes. */
    ELEMENT,
    /** Nowhere: the binding itself gives the value. */
    CONSTANT,
    /** Several places, whose texts are joined. */
    COMBINE
  }

  private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)+");

  private final Kind kind;
  private final String text;
  private final List<Locator> parts;
  private final @Nullable Pattern pattern;

  private Locator(Kind kind, String text, List<Locator> parts, @Nullable Pattern pattern) {
    this.kind = kind;
    this.text = text;
    this.parts = parts;
    this.pattern = pattern;
  }

  /**
   * A place, checked.
   *
   * @throws IllegalArgumentException when the text does not suit the kind
   */
  public static Locator of(Kind kind, String text) {
    boolean pointer = kind == Kind.POINTER || (kind == Kind.ELEMENT && !text.isEmpty());
    if (pointer && !POINTER.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a JSON pointer like /price");
    }
    if (text.isEmpty() && (kind == Kind.COLUMN || kind == Kind.ATTRIBUTE)) {
      throw new IllegalArgumentException("the name of a column or attribute must not be empty");
    }
    return new Locator(kind, text, List.of(), null);
  }

  /**
   * Several places as one.
   *
   * @param separator what stands between the parts
   * @throws IllegalArgumentException unless there are two parts or more, and none is a combination
   */
  public static Locator combine(List<Locator> parts, String separator) {
    if (parts.size() < 2) {
      throw new IllegalArgumentException("a combination needs at least two parts");
    }
    if (parts.stream().anyMatch(part -> part.kind == Kind.COMBINE)) {
      throw new IllegalArgumentException("a combination must not hold another one");
    }
    return new Locator(Kind.COMBINE, separator, List.copyOf(parts), null);
  }

  /** This place, with a pattern whose first group is the value; no match means no value. */
  public Locator withPattern(Pattern value) {
    return new Locator(kind, text, parts, value);
  }

  public Kind kind() {
    return kind;
  }

  /** The pointer, the column's or attribute's name, the constant, or what stands between parts. */
  public String text() {
    return text;
  }

  /** What a combination joins; empty for every other kind. */
  public List<Locator> parts() {
    return parts;
  }

  /** A pattern whose first group, in the whole text, is the value. */
  public Optional<Pattern> pattern() {
    return Optional.ofNullable(pattern);
  }

  /** Whether the value may differ from element to element of an exploded array. */
  public boolean isInElement() {
    return kind == Kind.ELEMENT || parts.stream().anyMatch(Locator::isInElement);
  }

  /** The pointer's unescaped steps; none for the whole element. */
  public List<String> steps() {
    List<String> steps = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String step : text.substring(1).split("/", -1)) {
        steps.add(step.replace("~1", "/").replace("~0", "~"));
      }
    }
    return steps;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Locator
        && kind == ((Locator) other).kind
        && text.equals(((Locator) other).text)
        && parts.equals(((Locator) other).parts)
        && Objects.equals(String.valueOf(pattern), String.valueOf(((Locator) other).pattern));
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, text, parts);
  }

  /** For example {@code pointer /price}. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.COMBINE ? name + " " + parts : name + " " + text;
  }
}
