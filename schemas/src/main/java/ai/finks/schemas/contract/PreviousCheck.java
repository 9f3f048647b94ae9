package ai.finks.schemas.contract;

import ai.finks.schemas.contract.Term.Sort;
import ai.finks.schemas.contract.Tokens.Kind;
import ai.finks.schemas.contract.Tokens.Token;
import ai.finks.schemas.document.Section;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A check of a value against the one before it in the same group: {@code price within 100x of
 * previous price by symbol}. It holds when neither is more than so many times the other.
 */
public final class PreviousCheck {

  private static final Pattern MEANT = Pattern.compile("\\s*\\w+\\s+within\\b");

  private final String name;
  private final String text;
  private final int line;
  private final Severity severity;
  private final Field value;
  private final BigDecimal factor;
  private final List<Field> group;

  private PreviousCheck(Head head, int line, Field value, BigDecimal factor, List<Field> group) {
    this.name = head.name;
    this.text = head.text;
    this.severity = head.severity;
    this.line = line;
    this.value = value;
    this.factor = factor;
    this.group = List.copyOf(group);
  }

  /** What every check has, whatever it says. */
  static final class Head {
    final String name;
    final String text;
    final Severity severity;

    Head(String name, String text, Severity severity) {
      this.name = Objects.requireNonNull(name);
      this.text = Objects.requireNonNull(text);
      this.severity = Objects.requireNonNull(severity);
    }
  }

  /** Whether a check's text means a comparison with a previous value. */
  static boolean isMeant(String text) {
    return MEANT.matcher(text).lookingAt();
  }

  /**
   * Parses {@code FIELD within NUMBERx of previous FIELD by FIELD, …}.
   *
   * @throws IllegalArgumentException when it does not parse, or a field cannot play its part
   */
  static PreviousCheck parse(Head head, int line, Map<String, Field> fields) {
    TokenCursor tokens = new TokenCursor(head.text);
    Field value = field(tokens, fields);
    requireNumber(value);
    tokens.expectWord("within");
    BigDecimal factor = factor(tokens);
    tokens.expectWord("x");
    tokens.expectWord("of");
    tokens.expectWord("previous");
    if (!field(tokens, fields).equals(value)) {
      throw new IllegalArgumentException(
          "'" + value.name() + "' can only be compared with the previous " + value.name());
    }
    tokens.expectWord("by");
    List<Field> group = new ArrayList<>();
    do {
      Field member = field(tokens, fields);
      requireMember(member);
      group.add(member);
    } while (tokens.takeSymbol(","));
    if (tokens.peek().kind != Kind.END) {
      throw tokens.unexpected("the end or ','");
    }
    return new PreviousCheck(head, line, value, factor, group);
  }

  private static Field field(TokenCursor tokens, Map<String, Field> fields) {
    Token token = tokens.next();
    Field field = token.kind == Kind.WORD ? fields.get(token.text) : null;
    if (field == null) {
      throw new IllegalArgumentException(
          Section.unknown("field", token.text, fields.keySet()) + " at column " + token.column);
    }
    return field;
  }

  private static BigDecimal factor(TokenCursor tokens) {
    Token token = tokens.next();
    if (token.kind != Kind.NUMBER) {
      tokens.back();
      throw tokens.unexpected("a number such as 100x");
    }
    BigDecimal factor = new BigDecimal(token.text);
    if (factor.compareTo(BigDecimal.ONE) <= 0 || factor.precision() > 9) {
      throw new IllegalArgumentException(
          "the factor must be more than 1 and of at most 9 digits, not " + token.text);
    }
    return factor;
  }

  private static void requireNumber(Field field) {
    if (Sort.of(field.type()) != Sort.NUMBER || field.type().isWide()) {
      throw new IllegalArgumentException(
          "'" + field.name() + "' must be a number of at most 18 digits, not " + field.type());
    }
    if (field.isPersonal()) {
      throw new IllegalArgumentException(
          "'" + field.name() + "' is masked: its previous value is not in the table");
    }
  }

  private static void requireMember(Field field) {
    if (!field.required()) {
      throw new IllegalArgumentException(
          "'" + field.name() + "' groups rows, so it must not be nullable");
    }
    boolean hidden =
        field.masking().filter(masking -> masking.kind() != Masking.Kind.TOKENISE).isPresent();
    if (hidden) {
      throw new IllegalArgumentException(
          "'" + field.name() + "' groups rows, so it may only be tokenised");
    }
  }

  public String name() {
    return name;
  }

  /** The check as it is written in the contract. */
  public String text() {
    return text;
  }

  /** Where it stands in the contract's file. */
  public int line() {
    return line;
  }

  public Severity severity() {
    return severity;
  }

  /** The number that is compared; of at most 18 digits and stored as it is. */
  public Field value() {
    return value;
  }

  /** How many times larger or smaller than the previous value is still plausible; above 1. */
  public BigDecimal factor() {
    return factor;
  }

  /** The fields whose values, with the source, make a group; never null. */
  public List<Field> group() {
    return group;
  }

  @Override
  public String toString() {
    return name + ": " + text;
  }
}
