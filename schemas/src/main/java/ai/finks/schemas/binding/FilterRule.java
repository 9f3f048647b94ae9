package ai.finks.schemas.binding;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says of a record, or of an element of an exploded one, that it does not belong. */
public final class FilterRule {

  /** What about the value makes the record not belong. */
  public enum Kind {
    /** It is one of the texts. */
    IN,
    /** There is one, and it is none of the texts. */
    NOT_IN,
    /** The whole of it matches the pattern. */
    MATCHES,
    /** There is none, or it is null. */
    ABSENT
  }

  private final Locator place;
  private final Kind kind;
  private final List<String> texts;
  private final @Nullable Pattern pattern;

  FilterRule(Locator place, Kind kind, List<String> texts, @Nullable Pattern pattern) {
    this.place = Objects.requireNonNull(place);
    this.kind = Objects.requireNonNull(kind);
    this.texts = List.copyOf(texts);
    this.pattern = pattern;
  }

  public Locator place() {
    return place;
  }

  public Kind kind() {
    return kind;
  }

  /** The texts of {@link Kind#IN} and {@link Kind#NOT_IN}. */
  public List<String> texts() {
    return texts;
  }

  /** The pattern of {@link Kind#MATCHES}. */
  public Optional<Pattern> pattern() {
    return Optional.ofNullable(pattern);
  }
}
