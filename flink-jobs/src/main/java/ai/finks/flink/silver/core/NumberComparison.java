package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Comparison;
import ai.finks.schemas.contract.Condition.Sum;
import ai.finks.schemas.contract.Field;
import java.math.BigDecimal;

/**
 * Compares {@code constant + Σ ±field} with zero, exactly: in longs of one scale, and in big
 * decimals where those do not suffice.
 */
final class NumberComparison implements ConditionCompiler.Test {

  private final Sum sum;
  private final Comparison comparison;
  private final int[] fields;
  private final long[] factors;
  private final long constant;
  private final boolean compact;

  NumberComparison(Sum sum, Comparison comparison) {
    this.sum = sum;
    this.comparison = comparison;
    int scale = Math.max(0, sum.constant().scale());
    boolean fits = true;
    for (Field field : sum.fields()) {
      scale = Math.max(scale, field.type().scale());
      fits &= !field.type().isWide();
    }
    this.fields = new int[sum.fields().size()];
    this.factors = new long[fields.length];
    BigDecimal scaled = sum.constant().setScale(scale);
    fits &= scaled.unscaledValue().bitLength() < Long.SIZE;
    this.constant = fits ? scaled.unscaledValue().longValue() : 0;
    for (int i = 0; i < fields.length; i++) {
      Field field = sum.fields().get(i);
      fields[i] = field.index();
      BigDecimal factor = BigDecimal.ONE.movePointRight(scale - field.type().scale());
      fits &= factor.precision() <= 18;
      factors[i] = fits ? (sum.isNegative(i) ? -1 : 1) * factor.longValueExact() : 0;
    }
    this.compact = fits;
  }

  @Override
  public int on(FieldValues values) {
    if (compact && fields.length == 1 && factors[0] == 1) {
      // Most checks compare one field with a number.
      int field = fields[0];
      return values.isNull(field)
          ? ConditionCompiler.UNKNOWN
          : result(againstConstant(values.number(field)));
    }
    for (int field : fields) {
      if (values.isNull(field)) {
        return ConditionCompiler.UNKNOWN;
      }
    }
    return result(sign(values));
  }

  private int result(int sign) {
    return comparison.holds(sign) ? ConditionCompiler.TRUE : ConditionCompiler.FALSE;
  }

  /** The sign of {@code number + constant}, which may be beyond a long. */
  private int againstConstant(long number) {
    long total = number + constant;
    boolean overflows = ((number ^ total) & (constant ^ total)) < 0;
    return overflows ? Long.signum(number) : Long.signum(total);
  }

  private int sign(FieldValues values) {
    if (compact) {
      try {
        long total = constant;
        for (int i = 0; i < fields.length; i++) {
          total = Math.addExact(total, Math.multiplyExact(values.number(fields[i]), factors[i]));
        }
        return Long.signum(total);
      } catch (ArithmeticException e) {
        return exactSign(values);
      }
    }
    return exactSign(values);
  }

  private int exactSign(FieldValues values) {
    BigDecimal total = sum.constant();
    for (int i = 0; i < fields.length; i++) {
      BigDecimal value = values.decimal(sum.fields().get(i));
      total = sum.isNegative(i) ? total.subtract(value) : total.add(value);
    }
    return total.signum();
  }
}
