package ai.finks.schemas.binding;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How numbers are written in a source, beyond plain digits with a point. */
public final class NumberText {

  /** What may stand in a text beside the digits. */
  public enum Style {
    /** A currency's symbol or code; a loss in parentheses or with the minus behind; grouping. */
    CURRENCY,
    /** A percent sign. */
    PERCENT,
    /** A suffix for thousands (K), millions (M, mn), billions (B, bn) or trillions (T, tn). */
    MAGNITUDE,
    /** Digits in groups of three. */
    GROUPED
  }

  /** Digits with a point and nothing else. */
  public static final NumberText PLAIN = new NumberText(Set.of(), '.', BigDecimal.ONE, List.of());

  private final Set<Style> styles;
  private final char decimalMark;
  private final BigDecimal factor;
  private final List<String> currencies;

  NumberText(Set<Style> styles, char decimalMark, BigDecimal factor, List<String> currencies) {
    this.styles = styles.isEmpty() ? Set.of() : EnumSet.copyOf(styles);
    this.decimalMark = decimalMark;
    this.factor = Objects.requireNonNull(factor);
    this.currencies = List.copyOf(currencies);
  }

  public boolean has(Style style) {
    return styles.contains(style);
  }

  /** Whether digits may stand in groups of three. */
  public boolean isGrouped() {
    return has(Style.CURRENCY) || has(Style.GROUPED) || decimalMark == ',';
  }

  /** The point or comma between whole digits and decimals. */
  public char decimalMark() {
    return decimalMark;
  }

  /** What the number is multiplied by, exactly. */
  public BigDecimal factor() {
    return factor;
  }

  /** The symbols and codes that may stand beside the digits; empty means every common one. */
  public List<String> currencies() {
    return currencies;
  }

  /** Whether numbers are read as they stand. */
  public boolean isPlain() {
    return styles.isEmpty() && decimalMark == '.' && factor.compareTo(BigDecimal.ONE) == 0;
  }
}
