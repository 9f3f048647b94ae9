package ai.finks.schemas.contract;

import ai.finks.schemas.contract.Condition.Sum;
import ai.finks.schemas.contract.Condition.TextOperand;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One side of a comparison while a condition is parsed: a text, or a sum of numbers. */
final class Term {

  /** What may be compared with what. */
  enum Sort {
    TEXT("text"),
    NUMBER("a number"),
    DATE("a date"),
    TIMESTAMP("an instant"),
    BOOLEAN("true or false");

    final String words;

    Sort(String words) {
      this.words = words;
    }

    static Sort of(FieldType type) {
      switch (type.kind()) {
        case STRING:
          return TEXT;
        case BOOLEAN:
          return BOOLEAN;
        case DATE:
          return DATE;
        case TIMESTAMP:
          return TIMESTAMP;
        default:
          return NUMBER;
      }
    }
  }

  final Sort sort;
  private final String text;
  private final List<Field> fields = new ArrayList<>();
  private final List<Boolean> negative = new ArrayList<>();
  private BigDecimal constant = BigDecimal.ZERO;

  private Term(Sort sort, String text) {
    this.sort = sort;
    this.text = text;
  }

  static Term field(Field field) {
    Term term = new Term(Sort.of(field.type()), "");
    term.fields.add(field);
    term.negative.add(false);
    return term;
  }

  static Term text(String text) {
    return new Term(Sort.TEXT, text);
  }

  static Term constant(Sort sort, BigDecimal value) {
    Term term = new Term(sort, "");
    term.constant = value;
    return term;
  }

  /** Whether time spans can be added. */
  boolean isMoment() {
    return sort == Sort.DATE || sort == Sort.TIMESTAMP;
  }

  /** The field that this term is, or null when it is anything else. */
  @Nullable Field onlyField() {
    boolean plain = fields.size() == 1 && !negative.get(0) && constant.signum() == 0;
    return plain ? fields.get(0) : null;
  }

  /**
   * The text that this term is.
   *
   * @throws IllegalArgumentException when it is a field or not a text
   */
  String literal() {
    if (sort != Sort.TEXT || !fields.isEmpty()) {
      throw new IllegalArgumentException("types do not fit: a quoted text is needed here");
    }
    return text;
  }

  /** The term with another one added or, when negative, subtracted. */
  Term plus(Term other, boolean subtracted) {
    Term sum = new Term(sort, "");
    sum.add(this, false);
    sum.add(other, subtracted);
    return sum;
  }

  private void add(Term other, boolean subtracted) {
    for (int i = 0; i < other.fields.size(); i++) {
      fields.add(other.fields.get(i));
      negative.add(other.negative.get(i) ^ subtracted);
    }
    constant = subtracted ? constant.subtract(other.constant) : constant.add(other.constant);
  }

  /** The condition that compares two terms of one sort. */
  static Condition compare(Term left, Comparison comparison, Term right) {
    if (left.sort == Sort.TEXT) {
      return Condition.compareTexts(left.textOperand(), comparison, right.textOperand());
    }
    Term difference = left.plus(right, true);
    return Condition.compareNumbers(
        new Sum(difference.fields, difference.negative, difference.constant), comparison);
  }

  private TextOperand textOperand() {
    return new TextOperand(fields.isEmpty() ? null : fields.get(0), text);
  }
}
