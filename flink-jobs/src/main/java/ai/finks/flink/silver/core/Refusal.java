package ai.finks.flink.silver.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One reason why a record is refused. Says what shape the offending value had, such as {@code
 * string(12)}, and never the value, which may be personal data.
 */
public final class Refusal {

  private final RefusalReason code;
  private final @Nullable String field;
  private final @Nullable String shape;
  private final @Nullable String check;

  private Refusal(
      RefusalReason code, @Nullable String field, @Nullable String shape, @Nullable String check) {
    this.code = Objects.requireNonNull(code);
    this.field = field;
    this.shape = shape;
    this.check = check;
  }

  /** A reason that concerns the whole record. */
  public static Refusal of(RefusalReason code) {
    return new Refusal(code, null, null, null);
  }

  /** A reason that concerns the whole record, with what was seen instead. */
  public static Refusal of(RefusalReason code, String shape) {
    return new Refusal(code, null, shape, null);
  }

  /** A reason that concerns one field. */
  public static Refusal ofField(RefusalReason code, String field, @Nullable String shape) {
    return new Refusal(code, field, shape, null);
  }

  /** A check that does not hold. */
  public static Refusal ofCheck(String check) {
    return new Refusal(RefusalReason.CHECK_FAILED, null, null, check);
  }

  /** A value that its check finds too far from the previous one. */
  static Refusal ofImplausible(String field, String check) {
    return new Refusal(RefusalReason.IMPLAUSIBLE_CHANGE, field, null, check);
  }

  /** The shape of a text of a length. */
  static String textShape(int length) {
    return "string(" + length + ")";
  }

  public RefusalReason code() {
    return code;
  }

  /** The contract's field, or the source's for unknown ones; null when the record is meant. */
  public @Nullable String field() {
    return field;
  }

  /** The shape of what was found, for example {@code absent}, {@code number}, {@code string(3)}. */
  public @Nullable String shape() {
    return shape;
  }

  /** The name of the check that does not hold. */
  public @Nullable String check() {
    return check;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Refusal)) {
      return false;
    }
    Refusal that = (Refusal) other;
    return code == that.code
        && Objects.equals(field, that.field)
        && Objects.equals(shape, that.shape)
        && Objects.equals(check, that.check);
  }

  @Override
  public int hashCode() {
    return Objects.hash(code, field, shape, check);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(code.name());
    if (field != null) {
      text.append(" field=").append(field);
    }
    if (check != null) {
      text.append(" check=").append(check);
    }
    if (shape != null) {
      text.append(" shape=").append(shape);
    }
    return text.toString();
  }
}
