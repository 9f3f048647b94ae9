package ai.finks.schemas.binding;

import java.util.List;
import java.util.Objects;

/** The array of a payload whose elements become rows of their own. */
public final class Explode {

  private final List<String> steps;
  private final String text;
  private final boolean optional;

  Explode(String text, boolean optional) {
    this.text = Objects.requireNonNull(text);
    this.steps = text.isEmpty() ? List.of() : Locator.of(Locator.Kind.POINTER, text).steps();
    this.optional = optional;
  }

  /** The way to the array; empty when the payload itself is the array. */
  public List<String> steps() {
    return steps;
  }

  /** The pointer as it is written. */
  public String text() {
    return text;
  }

  /** Whether an array that is absent or null means that there are no elements. */
  public boolean isOptional() {
    return optional;
  }

  /** Whether a place lies within the array, where it would be another one for each element. */
  boolean holds(Locator place) {
    List<String> other = place.steps();
    return other.size() > steps.size() && other.subList(0, steps.size()).equals(steps);
  }

  /** Ahead of the pointers of what elements hold, for example {@code /rows/*}. */
  public String elementPrefix() {
    return text + "/*";
  }

  @Override
  public String toString() {
    return "explode " + text;
  }
}
