package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Comparison;
import ai.finks.schemas.contract.Condition;
import ai.finks.schemas.contract.Condition.Sum;
import ai.finks.schemas.contract.Condition.TextOperand;
import ai.finks.schemas.contract.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Compiles conditions into tests on values, with the three values of SQL's logic. */
final class ConditionCompiler implements Condition.Visitor<ConditionCompiler.Test> {

  static final int FALSE = 0;
  static final int UNKNOWN = 1;
  static final int TRUE = 2;

  /** A compiled condition: FALSE, UNKNOWN or TRUE for a record's values. */
  interface Test {
    int on(FieldValues values);
  }

  private final Set<Integer> fields = new TreeSet<>();

  /** The positions of all fields that the compiled condition looks at. */
  int[] fields() {
    return fields.stream().mapToInt(Integer::intValue).toArray();
  }

  private int use(Field field) {
    fields.add(field.index());
    return field.index();
  }

  private Test[] compile(List<Condition> parts) {
    List<Test> tests = new ArrayList<>();
    for (Condition part : parts) {
      tests.add(part.accept(this));
    }
    return tests.toArray(new Test[0]);
  }

  @Override
  public Test all(List<Condition> parts) {
    Test[] tests = compile(parts);
    return values -> {
      int least = TRUE;
      for (Test test : tests) {
        least = Math.min(least, test.on(values));
        if (least == FALSE) {
          return FALSE;
        }
      }
      return least;
    };
  }

  @Override
  public Test any(List<Condition> parts) {
    Test[] tests = compile(parts);
    return values -> {
      int most = FALSE;
      for (Test test : tests) {
        most = Math.max(most, test.on(values));
        if (most == TRUE) {
          return TRUE;
        }
      }
      return most;
    };
  }

  @Override
  public Test not(Condition part) {
    Test test = part.accept(this);
    return values -> TRUE - test.on(values);
  }

  @Override
  public Test implies(Condition premise, Condition conclusion) {
    Test first = premise.accept(this);
    Test second = conclusion.accept(this);
    return values -> first.on(values) == TRUE ? second.on(values) : TRUE;
  }

  @Override
  public Test isNull(Field field) {
    int index = use(field);
    return values -> values.isNull(index) ? TRUE : FALSE;
  }

  @Override
  public Test isBlank(Field field) {
    int index = use(field);
    return values ->
        values.isNull(index) ? UNKNOWN : KeyTexts.isBlank(values.text(index)) ? TRUE : FALSE;
  }

  @Override
  public Test compareNumbers(Sum sum, Comparison comparison) {
    sum.fields().forEach(this::use);
    return new NumberComparison(sum, comparison);
  }

  @Override
  public Test compareTexts(TextOperand left, Comparison comparison, TextOperand right) {
    int leftIndex = left.field() == null ? -1 : use(left.field());
    int rightIndex = right.field() == null ? -1 : use(right.field());
    return values -> {
      if ((leftIndex >= 0 && values.isNull(leftIndex))
          || (rightIndex >= 0 && values.isNull(rightIndex))) {
        return UNKNOWN;
      }
      String a = leftIndex < 0 ? left.literal() : values.text(leftIndex);
      String b = rightIndex < 0 ? right.literal() : values.text(rightIndex);
      return comparison.holds(a.compareTo(b)) ? TRUE : FALSE;
    };
  }

  @Override
  public Test inTexts(Field field, Set<String> choices) {
    int index = use(field);
    Set<String> copy = Set.copyOf(choices);
    return values ->
        values.isNull(index) ? UNKNOWN : copy.contains(values.text(index)) ? TRUE : FALSE;
  }

  @Override
  public Test matches(Field field, Pattern pattern) {
    return new PatternMatch(use(field), pattern);
  }
}
