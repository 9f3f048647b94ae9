package ai.finks.schemas.contract;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parsed and typechecked condition on a row.
 *
 * <p>Conditions have three values, as in SQL: what compares, matches or looks up a null is unknown;
 * {@code not} of unknown is unknown; {@code and} and {@code or} are unknown only where the known
 * parts leave it open. A check fails only when its condition is false, so an absent optional value
 * never refuses a row; say {@code is not null} to demand it.
 */
public abstract class Condition {

  Condition() {}

  /** Calls the visitor's method for this kind of condition. */
  public abstract <R> R accept(Visitor<R> visitor);

  /** What can be done with each kind of condition. */
  public interface Visitor<R> {
    R all(List<Condition> parts);

    R any(List<Condition> parts);

    R not(Condition part);

    /** Holds unless the premise is true and the conclusion false. */
    R implies(Condition premise, Condition conclusion);

    R isNull(Field field);

    /** Holds when a text has nothing in it but white space. */
    R isBlank(Field field);

    /** Compares a sum of numbers (or dates, instants, booleans as numbers) with zero. */
    R compareNumbers(Sum sum, Comparison comparison);

    R compareTexts(TextOperand left, Comparison comparison, TextOperand right);

    R inTexts(Field field, Set<String> choices);

    /** Holds when the whole text matches. */
    R matches(Field field, Pattern pattern);
  }

  static Condition all(List<Condition> parts) {
    return parts.size() == 1 ? parts.get(0) : new Parts(true, List.copyOf(parts));
  }

  static Condition any(List<Condition> parts) {
    return parts.size() == 1 ? parts.get(0) : new Parts(false, List.copyOf(parts));
  }

  static Condition not(Condition part) {
    return of(visitor -> visitor.not(part));
  }

  static Condition implies(Condition premise, Condition conclusion) {
    return of(visitor -> visitor.implies(premise, conclusion));
  }

  static Condition isNull(Field field) {
    return of(visitor -> visitor.isNull(field));
  }

  static Condition isBlank(Field field) {
    return of(visitor -> visitor.isBlank(field));
  }

  static Condition compareNumbers(Sum sum, Comparison comparison) {
    return of(visitor -> visitor.compareNumbers(sum, comparison));
  }

  static Condition compareTexts(TextOperand left, Comparison comparison, TextOperand right) {
    return of(visitor -> visitor.compareTexts(left, comparison, right));
  }

  static Condition inTexts(Field field, Set<String> choices) {
    return of(visitor -> visitor.inTexts(field, choices));
  }

  static Condition matches(Field field, Pattern pattern) {
    return of(visitor -> visitor.matches(field, pattern));
  }

  private static Condition of(Call call) {
    return new Condition() {
      @Override
      public <R> R accept(Visitor<R> visitor) {
        // The call hands back exactly what the visitor returned.
        @SuppressWarnings("unchecked")
        R result = (R) call.on((Visitor<Object>) visitor);
        return result;
      }
    };
  }

  private interface Call {
    Object on(Visitor<Object> visitor);
  }

  private static final class Parts extends Condition {
    private final boolean all;
    private final List<Condition> parts;

    Parts(boolean all, List<Condition> parts) {
      this.all = all;
      this.parts = parts;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return all ? visitor.all(parts) : visitor.any(parts);
    }
  }

  /** A field or a text. */
  public static final class TextOperand {
    private final @Nullable Field field;
    private final String literal;

    TextOperand(@Nullable Field field, String literal) {
      this.field = field;
      this.literal = literal;
    }

    /** The field, or null when this is a text. */
    public @Nullable Field field() {
      return field;
    }

    public String literal() {
      return literal;
    }
  }

  /** Fields with signs, and a constant: {@code constant + Σ ±field}. */
  public static final class Sum {
    private final List<Field> fields;
    private final List<Boolean> negative;
    private final BigDecimal constant;

    Sum(List<Field> fields, List<Boolean> negative, BigDecimal constant) {
      this.fields = List.copyOf(fields);
      this.negative = List.copyOf(negative);
      this.constant = constant;
    }

    public List<Field> fields() {
      return fields;
    }

    /** Whether the field at a position is subtracted. */
    public boolean isNegative(int position) {
      return negative.get(position);
    }

    public BigDecimal constant() {
      return constant;
    }
  }
}
