package ai.finks.schemas.binding;

import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads how a field's numbers are written. */
final class NumberTextParser {

  private NumberTextParser() {}

  static NumberText parse(Section section, Problems problems) {
    Set<NumberText.Style> styles = EnumSet.noneOf(NumberText.Style.class);
    for (String style : section.texts("number")) {
      try {
        styles.add(Section.choiceOf(style, NumberText.Style.class));
      } catch (IllegalArgumentException e) {
        problems.add(section.at("number"), "'number': " + e.getMessage());
      }
    }
    char mark = section.parsed("decimal-mark", NumberTextParser::mark).orElse('.');
    List<String> currencies = section.texts("currencies");
    if (!currencies.isEmpty() && !styles.contains(NumberText.Style.CURRENCY)) {
      problems.add(section.at("currencies"), "'currencies' needs 'number: currency'");
    }
    if (currencies.stream().anyMatch(String::isBlank)) {
      problems.add(section.at("currencies"), "a currency's symbol or code must not be empty");
    }
    return new NumberText(styles, mark, factor(section, problems), currencies);
  }

  private static char mark(String text) {
    if (!text.equals(".") && !text.equals(",")) {
      throw new IllegalArgumentException("'" + text + "' is neither '.' nor ','");
    }
    return text.charAt(0);
  }

  private static BigDecimal factor(Section section, Problems problems) {
    BigDecimal times = section.parsed("multiply-by", NumberTextParser::positive).orElse(null);
    BigDecimal parts = section.parsed("divide-by", NumberTextParser::divisor).orElse(null);
    if (times != null && parts != null) {
      problems.add(section.at("divide-by"), "'multiply-by' and 'divide-by' exclude each other");
    }
    return times != null ? times : parts != null ? parts : BigDecimal.ONE;
  }

  private static BigDecimal positive(String text) {
    if (!text.matches("[0-9]{1,12}") || new BigDecimal(text).signum() == 0) {
      throw new IllegalArgumentException("'" + text + "' is not a positive whole number");
    }
    return new BigDecimal(text);
  }

  private static BigDecimal divisor(String text) {
    try {
      return BigDecimal.ONE.divide(positive(text));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("1/" + text + " is no finite decimal", e);
    }
  }
}
