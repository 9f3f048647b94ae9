package ai.finks.schemas.contract;

import ai.finks.schemas.contract.Term.Sort;
import ai.finks.schemas.contract.Tokens.Kind;
import ai.finks.schemas.contract.Tokens.Token;
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
 *            | terms "is" ["not"] "blank"                      nothing but white space
 *            | terms ["not"] "matches" 'regular expression'    the whole text
 * terms     := sum { "," sum }
 * sum       := ["-"] term { ("+" | "-") (term | span) }
 * span      := number ("seconds" | "minutes" | "hours" | "days")   onto a date only days
 * term      := field | number | 'text' | true | false | date 'yyyy-MM-dd' | timestamp 'ISO instant'
 * </pre>
 */
final class ConditionParser {

  private static final Set<String> COMPARISONS = Set.of("=", "!=", "<", "<=", ">", ">=");
  private static final int MAX_DEPTH = 20;

  private final TokenCursor tokens;
  private final TermParser terms;
  private int depth;

  private ConditionParser(String text, Map<String, Field> fields) {
    this.tokens = new TokenCursor(text);
    this.terms = new TermParser(tokens, fields);
  }

  /**
   * Parses a condition over a contract's fields.
   *
   * @throws IllegalArgumentException when it does not parse or its types do not fit
   */
  static Condition parse(String text, Map<String, Field> fields) {
    ConditionParser parser = new ConditionParser(text, fields);
    Condition condition = parser.check();
    if (parser.tokens.peek().kind != Kind.END) {
      throw parser.tokens.unexpected("the end, 'and' or 'or'");
    }
    return condition;
  }

  private Condition check() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
    }
    Condition condition;
    if (tokens.takeWord("when")) {
      Condition premise = or();
      tokens.expectWord("then");
      condition = Condition.implies(premise, check());
    } else {
      condition = or();
    }
    depth--;
    return condition;
  }

  private Condition or() {
    List<Condition> parts = new ArrayList<>(List.of(and()));
    while (tokens.takeWord("or")) {
      parts.add(and());
    }
    return Condition.any(parts);
  }

  private Condition and() {
    List<Condition> parts = new ArrayList<>(List.of(not()));
    while (tokens.takeWord("and")) {
      parts.add(not());
    }
    return Condition.all(parts);
  }

  private Condition not() {
    int negations = 0;
    while (tokens.takeWord("not")) {
      negations++;
    }
    Condition condition;
    if (tokens.takeSymbol("(")) {
      condition = check();
      tokens.expectSymbol(")");
    } else {
      condition = predicate();
    }
    return negations % 2 == 0 ? condition : Condition.not(condition);
  }

  private Condition predicate() {
    List<Term> left = terms.terms();
    if (COMPARISONS.contains(tokens.peek().text) && tokens.peek().kind == Kind.SYMBOL) {
      return comparisons(left);
    }
    List<Condition> parts = new ArrayList<>();
    if (tokens.takeWord("is")) {
      boolean negated = tokens.takeWord("not");
      return is(left, negated);
    }
    boolean negated = tokens.takeWord("not");
    if (tokens.takeWord("in")) {
      List<Term> choices = choices();
      for (Term term : left) {
        parts.add(negatedIf(negated, in(term, choices)));
      }
    } else if (tokens.takeWord("matches")) {
      Pattern pattern = pattern();
      for (Term term : left) {
        TermParser.requireSort(term, Sort.TEXT);
        parts.add(negatedIf(negated, Condition.matches(onlyField(term, "matches"), pattern)));
      }
    } else {
      throw tokens.unexpected("a comparison, 'in', 'is null' or 'matches'");
    }
    return Condition.all(parts);
  }

  private Condition is(List<Term> left, boolean negated) {
    List<Condition> parts = new ArrayList<>();
    boolean blank = tokens.takeWord("blank");
    if (!blank && !tokens.takeWord("null")) {
      throw tokens.unexpected("'null' or 'blank'");
    }
    for (Term term : left) {
      if (blank) {
        TermParser.requireSort(term, Sort.TEXT);
        parts.add(negatedIf(negated, Condition.isBlank(onlyField(term, "is blank"))));
      } else {
        parts.add(negatedIf(negated, Condition.isNull(onlyField(term, "is null"))));
      }
    }
    return Condition.all(parts);
  }

  private Condition comparisons(List<Term> first) {
    List<Condition> parts = new ArrayList<>();
    List<Term> left = first;
    while (tokens.peek().kind == Kind.SYMBOL && COMPARISONS.contains(tokens.peek().text)) {
      Comparison comparison = comparison(tokens.next().text);
      List<Term> right = terms.terms();
      for (Term a : left) {
        for (Term b : right) {
          TermParser.requireSort(b, a.sort);
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
    tokens.expectSymbol("(");
    List<Term> choices = new ArrayList<>();
    do {
      choices.add(terms.sum());
    } while (tokens.takeSymbol(","));
    tokens.expectSymbol(")");
    return choices;
  }

  private Condition in(Term term, List<Term> choices) {
    if (term.sort != Sort.TEXT) {
      List<Condition> equal = new ArrayList<>();
      for (Term choice : choices) {
        TermParser.requireSort(choice, term.sort);
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
    Token token = tokens.next();
    if (token.kind != Kind.TEXT) {
      tokens.back();
      throw tokens.unexpected("a quoted regular expression");
    }
    try {
      return Pattern.compile(token.text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "not a regular expression: " + e.getDescription() + ": " + token.text, e);
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
}
