package ai.finks.stack.trace;

import ai.finks.stack.trace.FilterTokens.Kind;
import ai.finks.stack.trace.FilterTokens.Token;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression over a table's columns. Every name is a column that the table has, and every
 * value one of its column's type, or the expression is refused; nothing of it reaches SQL.
 *
 * <pre>
 * either    = both {or both}
 * both      = one {and one}
 * one       = not one | ( either ) | condition
 * condition = column (= | &lt;&gt; | != | &lt; | &lt;= | &gt; | &gt;=) value
 *           | column [not] between value and value
 *           | column [not] in ( value {, value} ) | column [not] in row.column
 *           | column is [not] null
 * value     = 'text' | number | true | false | row.column [(+ | -) number days]
 * </pre>
 *
 * <p>A value {@code row.column} is that of another row, or of several, that the caller knows. What
 * is compared with null is not true, and neither is its opposite.
 */
final class RowFilter {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", "<=", ">", ">=");

  private final FilterTokens tokens;
  private final Map<String, NestedField> columns = new TreeMap<>();
  private final Map<String, String> aliases;
  private final OtherRows others;
  private int depth;

  /** The values of rows that an expression may name beside its own columns. */
  @FunctionalInterface
  interface OtherRows {
    /** None are known. */
    OtherRows NONE = name -> null;

    /** The values of {@code row.column}, without nulls; null if there is no such row or column. */
    @Nullable Collection<?> values(String name);
  }

  private RowFilter(
      String expression, Schema schema, Map<String, String> aliases, OtherRows others) {
    this.tokens = new FilterTokens(expression);
    schema.columns().forEach(column -> columns.put(column.name(), column));
    this.aliases = aliases;
    this.others = others;
  }

  /**
   * The expression for Iceberg.
   *
   * @param aliases further names of columns
   * @throws RowFilterException if it cannot be used; says where and why
   */
  static Expression parse(
      String expression, Schema schema, Map<String, String> aliases, OtherRows others) {
    RowFilter filter = new RowFilter(expression, schema, aliases, others);
    Expression parsed = filter.either(false);
    Token rest = filter.tokens.peek();
    if (rest.kind() != Kind.END) {
      throw filter.tokens.failure(rest, "expected 'and', 'or' or the end, found " + rest);
    }
    return parsed;
  }

  /** Negations are carried down to the conditions, where null is neither here nor there. */
  private Expression either(boolean negated) {
    if (++depth > MAX_DEPTH) {
      throw tokens.failure(tokens.peek(), "nested deeper than " + MAX_DEPTH);
    }
    Expression left = both(negated);
    while (tokens.takeIf("or")) {
      Expression right = both(negated);
      left = negated ? Expressions.and(left, right) : Expressions.or(left, right);
    }
    depth--;
    return left;
  }

  private Expression both(boolean negated) {
    Expression left = one(negated);
    while (tokens.takeIf("and")) {
      Expression right = one(negated);
      left = negated ? Expressions.or(left, right) : Expressions.and(left, right);
    }
    return left;
  }

  private Expression one(boolean negated) {
    boolean not = negated;
    while (tokens.takeIf("not")) {
      not = !not;
    }
    if (tokens.takeIf("(")) {
      Expression inner = either(not);
      tokens.expect(")");
      return inner;
    }
    return condition(not);
  }

  private Expression condition(boolean negated) {
    NestedField column = column(tokens.take());
    Token word = tokens.take();
    if (word.is("is")) {
      boolean not = tokens.takeIf("not") != negated;
      tokens.expect("null");
      return not ? Expressions.notNull(column.name()) : Expressions.isNull(column.name());
    }
    boolean not = negated;
    if (word.is("not")) {
      not = !not;
      word = tokens.take();
    }
    if (word.is("in")) {
      return in(column, not);
    }
    if (word.is("between")) {
      return between(column, not);
    }
    if (!COMPARISONS.contains(word.text()) || not != negated) {
      throw tokens.failure(word, "expected a comparison, 'in', 'between' or 'is', found " + word);
    }
    return compare(column, word, negated);
  }

  private NestedField column(Token name) {
    if (name.kind() != Kind.NAME) {
      throw tokens.failure(name, "expected a column, found " + name + "; " + columnsAndAliases());
    }
    NestedField column = columns.get(aliases.getOrDefault(name.text(), name.text()));
    if (column == null) {
      throw tokens.failure(name, "there is no column " + name.text() + "; " + columnsAndAliases());
    }
    return column;
  }

  private String columnsAndAliases() {
    String also =
        aliases.entrySet().stream()
            .map(alias -> ", and " + alias.getKey() + " for " + alias.getValue())
            .collect(Collectors.joining());
    return "there are: " + String.join(", ", columns.keySet()) + also;
  }

  private Expression compare(NestedField column, Token operator, boolean negated) {
    String name = column.name();
    String symbol = negated ? opposite(operator) : operator.text();
    Object value = single(column);
    if (value == null) {
      return Expressions.alwaysFalse();
    }
    return switch (symbol) {
      case "=" -> Expressions.equal(name, value);
      case "<>", "!=" -> known(name, Expressions.notEqual(name, value));
      case "<" -> known(name, Expressions.lessThan(name, value));
      case "<=" -> known(name, Expressions.lessThanOrEqual(name, value));
      case ">" -> Expressions.greaterThan(name, value);
      case ">=" -> Expressions.greaterThanOrEqual(name, value);
      default -> throw tokens.failure(operator, "expected a comparison, found " + operator);
    };
  }

  /** For Iceberg null is less than and other than any value. */
  private static Expression known(String column, Expression expression) {
    return Expressions.and(Expressions.notNull(column), expression);
  }

  private static String opposite(Token operator) {
    return switch (operator.text()) {
      case "=" -> "<>";
      case "<>", "!=" -> "=";
      case "<" -> ">=";
      case "<=" -> ">";
      case ">" -> "<=";
      case ">=" -> "<";
      default -> operator.text();
    };
  }

  private Expression between(NestedField column, boolean negated) {
    String name = column.name();
    Object low = single(column);
    tokens.expect("and");
    Object high = single(column);
    if (low == null || high == null) {
      return Expressions.alwaysFalse();
    }
    return negated
        ? known(
            name,
            Expressions.or(Expressions.lessThan(name, low), Expressions.greaterThan(name, high)))
        : Expressions.and(
            Expressions.greaterThanOrEqual(name, low), Expressions.lessThanOrEqual(name, high));
  }

  private Expression in(NestedField column, boolean negated) {
    Set<Object> values = new LinkedHashSet<>();
    if (tokens.takeIf("(")) {
      do {
        values.addAll(values(column));
      } while (tokens.takeIf(","));
      tokens.expect(")");
    } else {
      values.addAll(values(column));
    }
    String name = column.name();
    if (values.isEmpty()) {
      return negated ? Expressions.notNull(name) : Expressions.alwaysFalse();
    }
    return negated
        ? known(name, Expressions.notIn(name, values.toArray()))
        : Expressions.in(name, values.toArray());
  }

  private @Nullable Object single(NestedField column) {
    Token at = tokens.peek();
    List<Object> values = values(column);
    if (values.size() > 1) {
      throw tokens.failure(at, at + " has " + values.size() + " values; write 'in' before it");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private List<Object> values(NestedField column) {
    Token token = tokens.take();
    if (token.is("-")) {
      Token number = tokens.take();
      return List.of(
          checked(column, number, number.kind() == Kind.NUMBER ? "-" + number.text() : ""));
    }
    return switch (token.kind()) {
      case NUMBER -> List.of(checked(column, token, token.text()));
      case TEXT -> List.of(fits(column, token, ColumnLiteral.ofText(token.text(), column.type())));
      case NAME -> ofName(column, token);
      default -> throw tokens.failure(token, "expected a value, found " + token);
    };
  }

  private Object checked(NestedField column, Token token, String number) {
    Type type = column.type();
    return fits(
        column,
        token,
        number.isEmpty() ? null : ColumnLiteral.ofNumber(new BigDecimal(number), type));
  }

  private Object fits(NestedField column, Token token, @Nullable Object value) {
    if (value == null) {
      throw tokens.failure(
          token,
          column.name() + " takes " + ColumnLiteral.example(column.type()) + ", not " + token);
    }
    return value;
  }

  private List<Object> ofName(NestedField column, Token name) {
    if (name.is("true") || name.is("false")) {
      return List.of(fits(column, name, ColumnLiteral.ofText(name.text(), column.type())));
    }
    Collection<?> values = name.text().indexOf('.') < 0 ? null : others.values(name.text());
    if (values == null) {
      throw tokens.failure(
          name, "expected a value of " + column.name() + ", found the name " + name.text());
    }
    long plusDays = plusDays();
    return values.stream()
        .map(value -> fits(column, name, ColumnLiteral.ofValue(value, column.type(), plusDays)))
        .toList();
  }

  private long plusDays() {
    Token sign = tokens.peek();
    if (!tokens.takeIf("+") && !tokens.takeIf("-")) {
      return 0;
    }
    Token number = tokens.take();
    if (number.kind() != Kind.NUMBER || !number.text().matches("\\d{1,6}")) {
      throw tokens.failure(number, "expected a number of days, found " + number);
    }
    if (!tokens.takeIf("days")) {
      tokens.expect("day");
    }
    long days = Long.parseLong(number.text());
    return sign.is("-") ? -days : days;
  }
}
