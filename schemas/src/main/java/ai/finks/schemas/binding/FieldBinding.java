package ai.finks.schemas.binding;

import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one field of the contract is made from a source's record. */
public final class FieldBinding {

  private final String field;
  private final Locator locator;
  private final Set<String> nullTokens;
  private final boolean trim;
  private final List<String> formats;
  private final @Nullable EpochUnit epoch;
  private final LocalTimes localTimes;
  private final @Nullable RoundingMode rounding;
  private final NumberText numberText;
  private final Map<String, String> values;
  private final Unlisted unlisted;
  private final List<String> trueTokens;
  private final List<String> falseTokens;
  private final @Nullable String defaultText;
  private final int line;
  private final Map<String, Integer> optionLines;

  FieldBinding(Builder builder) {
    this.field = Objects.requireNonNull(builder.field);
    this.locator = Objects.requireNonNull(builder.locator);
    this.nullTokens = Set.copyOf(builder.nullTokens);
    this.trim = builder.trim;
    this.formats = List.copyOf(builder.formats);
    this.epoch = builder.epoch;
    this.localTimes = Objects.requireNonNull(builder.localTimes);
    this.rounding = builder.rounding;
    this.numberText = builder.numberText;
    this.values = Map.copyOf(builder.values);
    this.unlisted = builder.unlisted;
    this.trueTokens = List.copyOf(builder.trueTokens);
    this.falseTokens = List.copyOf(builder.falseTokens);
    this.defaultText = builder.defaultText;
    this.line = builder.line;
    this.optionLines = Map.copyOf(builder.optionLines);
  }

  /** The contract field's name. */
  public String field() {
    return field;
  }

  public Locator locator() {
    return locator;
  }

  /** Texts that mean that there is no value; the binding's own and the field's together. */
  public Set<String> nullTokens() {
    return nullTokens;
  }

  /** Whether white space around a text is taken off. */
  public boolean trim() {
    return trim;
  }

  /** Patterns of dates and date-times, tried in order; empty means ISO 8601. */
  public List<String> formats() {
    return formats;
  }

  /** What a number counts, when an instant or a date is written as one. */
  public Optional<EpochUnit> epoch() {
    return Optional.ofNullable(epoch);
  }

  /** What date-times that are written without an offset mean. */
  public LocalTimes localTimes() {
    return localTimes;
  }

  /** How excess decimals are rounded; they are refused when this is empty. */
  public Optional<RoundingMode> rounding() {
    return Optional.ofNullable(rounding);
  }

  /** What the source's words are in the contract's; empty means that texts stay as they are. */
  public Map<String, String> values() {
    return values;
  }

  /** What becomes of words that {@link #values} do not list. */
  public Unlisted unlisted() {
    return unlisted;
  }

  /** How numbers are written. */
  public NumberText numberText() {
    return numberText;
  }

  public List<String> trueTokens() {
    return trueTokens;
  }

  public List<String> falseTokens() {
    return falseTokens;
  }

  /** The value, as text, in place of one that is absent. */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** Where this stands in the binding's file. */
  public int line() {
    return line;
  }

  /** Whether the field itself, not the binding for all fields, says something of an option. */
  public boolean says(String option) {
    return optionLines.containsKey(option);
  }

  /** The line that an option stands in; the field's when it is not there. */
  public int line(String option) {
    return optionLines.getOrDefault(option, line);
  }

  /** Collects what {@link BindingParser} reads. */
  static final class Builder {
    @Nullable String field;
    @Nullable Locator locator;
    Set<String> nullTokens = Set.of();
    boolean trim;
    List<String> formats = List.of();
    @Nullable EpochUnit epoch;
    @Nullable LocalTimes localTimes;
    @Nullable RoundingMode rounding;
    NumberText numberText = NumberText.PLAIN;
    Map<String, String> values = Map.of();
    Unlisted unlisted = Unlisted.REFUSE;
    List<String> trueTokens = List.of();
    List<String> falseTokens = List.of();
    @Nullable String defaultText;
    int line;
    Map<String, Integer> optionLines = Map.of();
  }
}
