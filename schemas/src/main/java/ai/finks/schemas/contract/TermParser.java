package ai.finks.schemas.contract;

import ai.finks.schemas.contract.Term.Sort;
import ai.finks.schemas.contract.Tokens.Kind;
import ai.finks.schemas.contract.Tokens.Token;
import ai.finks.schemas.document.Section;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parses what conditions compare: fields, literals and their sums. */
final class TermParser {

  private static final int MAX_SPAN_DIGITS = 17;
  private static final Map<String, Duration> SPANS =
      Map.of(
          "seconds", Duration.ofSeconds(1),
          "minutes", Duration.ofMinutes(1),
          "hours", Duration.ofHours(1),
          "days", Duration.ofDays(1));

  private final TokenCursor tokens;
  private final Map<String, Field> fields;

  TermParser(TokenCursor tokens, Map<String, Field> fields) {
    this.tokens = tokens;
    this.fields = fields;
  }

  /** One or more sums, with commas between. */
  List<Term> terms() {
    List<Term> terms = new ArrayList<>();
    do {
      terms.add(sum());
    } while (tokens.takeSymbol(","));
    return terms;
  }

  /** Terms that are added and subtracted. */
  Term sum() {
    Term sum;
    if (tokens.takeSymbol("-")) {
      Term first = term();
      requireSort(first, Sort.NUMBER);
      sum = Term.constant(Sort.NUMBER, BigDecimal.ZERO).plus(first, true);
    } else {
      sum = term();
    }
    while (tokens.peek().kind == Kind.SYMBOL
        && (tokens.peek().text.equals("+") || tokens.peek().text.equals("-"))) {
      boolean subtracted = tokens.next().text.equals("-");
      Term more = sum.isMoment() ? span(sum.sort) : term();
      if (!sum.isMoment()) {
        requireSort(sum, Sort.NUMBER);
        requireSort(more, Sort.NUMBER);
      }
      sum = sum.plus(more, subtracted);
    }
    return sum;
  }

  /** A time span, in what its sort counts: days of a date, microseconds of an instant. */
  private Term span(Sort sort) {
    Token number = tokens.next();
    if (number.kind != Kind.NUMBER) {
      tokens.back();
      throw tokens.unexpected("a time span like 5 minutes or 1 day");
    }
    Token unit = tokens.next();
    String plural = unit.text.endsWith("s") ? unit.text : unit.text + "s";
    Duration one = SPANS.get(plural);
    if (unit.kind != Kind.WORD || one == null) {
      tokens.back();
      throw tokens.unexpected("one of seconds, minutes, hours, days");
    }
    if (sort == Sort.DATE && !plural.equals("days")) {
      throw new IllegalArgumentException("a date is moved by days, not by " + plural);
    }
    BigDecimal count = decimal(number);
    BigDecimal size = BigDecimal.valueOf(sort == Sort.DATE ? 1 : one.getSeconds() * 1_000_000L);
    BigDecimal moved = count.multiply(size).stripTrailingZeros();
    if (moved.scale() > 0 || moved.precision() - moved.scale() > MAX_SPAN_DIGITS) {
      throw new IllegalArgumentException(number.text + " " + unit.text + " is no time span");
    }
    return Term.constant(sort, moved.setScale(0));
  }

  private Term term() {
    Token token = tokens.next();
    switch (token.kind) {
      case TEXT:
        return Term.text(token.text);
      case NUMBER:
        return number(token);
      case WORD:
        return word(token);
      default:
        tokens.back();
        throw tokens.unexpected("a field, a number or a quoted text");
    }
  }

  private static Term number(Token token) {
    return Term.constant(Sort.NUMBER, decimal(token));
  }

  private static BigDecimal decimal(Token token) {
    try {
      return new BigDecimal(token.text);
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
        if (tokens.peek().kind == Kind.TEXT) {
          return moment(token.text, tokens.next().text);
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

  /** Refuses a term of another sort. */
  static void requireSort(Term term, Sort sort) {
    if (term.sort != sort) {
      throw new IllegalArgumentException(
          "types do not fit: " + term.sort.words + " where " + sort.words + " is needed");
    }
  }
}
