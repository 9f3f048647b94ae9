package ai.finks.schemas.contract;

import ai.finks.schemas.contract.Term.Sort;
import ai.finks.schemas.contract.Tokens.Kind;
import ai.finks.schemas.contract.Tokens.Token;
import ai.finks.schemas.document.Section;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Parses the language of checks and checks its types.
 *
 * <pre>
 * check     := "when" or "then" check | or
 * or        := and { "or" and }
 * and       := not { "and" not }
 * not       := "not" not | "(" check ")" | predicate
 * predicate := terms comparison terms { comparison terms }     each of the left with each of the right
 *            | terms ["not"] "in" "(" literal { "," literal } ")"
 *            | terms "is" ["not"] "null"
 *            | terms ["not"] "matches" 'regular expression'    the whole text
 * terms     := sum { "," sum }
 * sum       := ["-"] term { ("+" | "-") term }
 * term      := field | number | 'text' | true | false | date 'yyyy-MM-dd' | timestamp 'ISO instant'
 * </pre>
 */
final class ConditionParser {

  private static final Set<String> COMPARISONS = Set.of("=", "!=", "<", "<=", ">", ">=");
  private static final int MAX_DEPTH = 20;

  private final Map<String, Field> fields;
  private final List<Token> tokens;
  private int position;
  private int depth;

  private ConditionParser(String text, Map<String, Field> fields) {
    this.fields = fields;
    this.tokens = Tokens.of(text);
  }

  /**
   * Parses a condition over a contract's fields.
   *
   * @throws IllegalArgumentException when it does not parse or its types do not fit
   */
  static Condition parse(String text, Map<String, Field> fields) {
    ConditionParser parser = new ConditionParser(text, fields);
    Condition condition = parser.check();
    if (parser.peek().kind != Kind.END) {
      throw parser.unexpected("the end, 'and' or 'or'");
    }
    return condition;
  }

  private Condition check() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
    }
    Condition condition;
    if (takeWord("when")) {
      Condition premise = or();
      expectWord("then");
      condition = Condition.implies(premise, check());
    } else {
      condition = or();
    }
    depth--;
    return condition;
  }

  private Condition or() {
    List<Condition> parts = new ArrayList<>(List.of(and()));
    while (takeWord("or")) {
      parts.add(and());
    }
    return Condition.any(parts);
  }

  private Condition and() {
    List<Condition> parts = new ArrayList<>(List.of(not()));
    while (takeWord("and")) {
      parts.add(not());
    }
    return Condition.all(parts);
  }

  private Condition not() {
    int negations = 0;
    while (takeWord("not")) {
      negations++;
    }
    Condition condition;
    if (takeSymbol("(")) {
      condition = check();
      expectSymbol(")");
    } else {
      condition = predicate();
    }
    return negations % 2 == 0 ? condition : Condition.not(condition);
  }

  private Condition predicate() {
    List<Term> left = terms();
    if (COMPARISONS.contains(peek().text) && peek().kind == Kind.SYMBOL) {
      return comparisons(left);
    }
    List<Condition> parts = new ArrayList<>();
    if (takeWord("is")) {
      boolean negated = takeWord("not");
      expectWord("null");
      for (Term term : left) {
        parts.add(negatedIf(negated, Condition.isNull(onlyField(term, "is null"))));
      }
      return Condition.all(parts);
    }
    boolean negated = takeWord("not");
    if (takeWord("in")) {
      List<Term> choices = choices();
      for (Term term : left) {
        parts.add(negatedIf(negated, in(term, choices)));
      }
    } else if (takeWord("matches")) {
      Pattern pattern = pattern();
      for (Term term : left) {
        requireSort(term, Sort.TEXT);
        parts.add(negatedIf(negated, Condition.matches(onlyField(term, "matches"), pattern)));
      }
    } else {
      throw unexpected("a comparison, 'in', 'is null' or 'matches'");
    }
    return Condition.all(parts);
  }

  private Condition comparisons(List<Term> first) {
    List<Condition> parts = new ArrayList<>();
    List<Term> left = first;
    while (peek().kind == Kind.SYMBOL && COMPARISONS.contains(peek().text)) {
      Comparison comparison = comparison(next().text);
      List<Term> right = terms();
      for (Term a : left) {
        for (Term b : right) {
          requireSort(b, a.sort);
          parts.add(Term.compare(a, comparison, b));
        }
      }
      left = right;
    }
    return Condition.all(parts);
  }

  private static Comparison comparison(String symbol) {
    for (Comparison comparison : Comparison.values()) {
      if (comparison.symbol().equals(symbol)) {
        return comparison;
      }
    }
    throw new AssertionError(symbol);
  }

  private List<Term> choices() {
    expectSymbol("(");
    List<Term> choices = new ArrayList<>();
    do {
      choices.add(sum());
    } while (takeSymbol(","));
    expectSymbol(")");
    return choices;
  }

  private Condition in(Term term, List<Term> choices) {
    if (term.sort != Sort.TEXT) {
      List<Condition> equal = new ArrayList<>();
      for (Term choice : choices) {
        requireSort(choice, term.sort);
        equal.add(Term.compare(term, Comparison.EQUAL, choice));
      }
      return Condition.any(equal);
    }
    Set<String> texts = new LinkedHashSet<>();
    for (Term choice : choices) {
      texts.add(choice.literal());
    }
    return Condition.inTexts(onlyField(term, "in"), texts);
  }

  private Pattern pattern() {
    Token token = next();
    if (token.kind != Kind.TEXT) {
      position--;
      throw unexpected("a quoted regular expression");
    }
    try {
      return Pattern.compile(token.text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "not a regular expression: " + e.getDescription() + ": " + token.text, e);
    }
  }

  private List<Term> terms() {
    List<Term> terms = new ArrayList<>();
    do {
      terms.add(sum());
    } while (takeSymbol(","));
    return terms;
  }

  private Term sum() {
    Term sum;
    if (takeSymbol("-")) {
      Term first = term();
      requireSort(first, Sort.NUMBER);
      sum = Term.constant(Sort.NUMBER, BigDecimal.ZERO).plus(first, true);
    } else {
      sum = term();
    }
    while (peek().kind == Kind.SYMBOL && (peek().text.equals("+") || peek().text.equals("-"))) {
      boolean subtracted = next().text.equals("-");
      Term more = term();
      requireSort(sum, Sort.NUMBER);
      requireSort(more, Sort.NUMBER);
      sum = sum.plus(more, subtracted);
    }
    return sum;
  }

  private Term term() {
    Token token = next();
    switch (token.kind) {
      case TEXT:
        return Term.text(token.text);
      case NUMBER:
        return number(token);
      case WORD:
        return word(token);
      default:
        position--;
        throw unexpected("a field, a number or a quoted text");
    }
  }

  private static Term number(Token token) {
    try {
      return Term.constant(Sort.NUMBER, new BigDecimal(token.text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + token.text + "' is not a number", e);
    }
  }

  private Term word(Token token) {
    switch (token.text) {
      case "true":
        return Term.constant(Sort.BOOLEAN, BigDecimal.ONE);
      case "false":
        return Term.constant(Sort.BOOLEAN, BigDecimal.ZERO);
      case "date":
      case "timestamp":
        if (peek().kind == Kind.TEXT) {
          return moment(token.text, next().text);
        }
        break;
      default:
    }
    Field field = fields.get(token.text);
    if (field == null) {
      throw new IllegalArgumentException(
          Section.unknown("field", token.text, fields.keySet()) + " at column " + token.column);
    }
    return Term.field(field);
  }

  private static Term moment(String sort, String text) {
    try {
      if (sort.equals("date")) {
        return Term.constant(Sort.DATE, BigDecimal.valueOf(LocalDate.parse(text).toEpochDay()));
      }
      long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
      return Term.constant(Sort.TIMESTAMP, BigDecimal.valueOf(micros));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is not a " + sort, e);
    }
  }

  private static Condition negatedIf(boolean negated, Condition condition) {
    return negated ? Condition.not(condition) : condition;
  }

  private static Field onlyField(Term term, String what) {
    Field field = term.onlyField();
    if (field == null) {
      throw new IllegalArgumentException("'" + what + "' needs a field on its left");
    }
    return field;
  }

  private static void requireSort(Term term, Sort sort) {
    if (term.sort != sort) {
      throw new IllegalArgumentException(
          "types do not fit: " + term.sort.words + " where " + sort.words + " is needed");
    }
  }

  private Token peek() {
    return tokens.get(position);
  }

  private Token next() {
    return tokens.get(position++);
  }

  private boolean takeWord(String word) {
    return take(Kind.WORD, word);
  }

  private boolean takeSymbol(String symbol) {
    return take(Kind.SYMBOL, symbol);
  }

  private boolean take(Kind kind, String text) {
    if (peek().kind == kind && peek().text.equals(text)) {
      position++;
      return true;
    }
    return false;
  }

  private void expectWord(String word) {
    if (!takeWord(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  private void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
  }

  private IllegalArgumentException unexpected(String expected) {
    return new IllegalArgumentException(
        String.format(
            "%s is expected at column %d, not '%s'", expected, peek().column, peek().text));
  }
}
