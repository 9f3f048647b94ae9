package ai.finks.flink.silver.core;

import ai.finks.flink.silver.core.GroupValues.Suspicion;
import ai.finks.schemas.contract.PreviousCheck;
import ai.finks.schemas.contract.Severity;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One check of a value against the previous one of its group, compiled. For one thread. */
final class PreviousRule {
  private static final int CACHED = 1024;

  private final PreviousCheck check;
  private final Column value;
  private final Fingerprint group;
  private final Refusal refusal;
  private final long numerator;
  private final long denominator;
  private final int onlyText;
  private final @Nullable String[] texts = new String[CACHED];
  private final @Nullable String[] sources = new String[CACHED];
  private final long[] hashes = new long[2 * CACHED];

  PreviousRule(PreviousCheck check, Column value, Fingerprint group) {
    this.check = check;
    this.value = value;
    this.group = group;
    List<Column> columns = group.columns();
    boolean isText = columns.size() == 1 && columns.get(0).type().isText();
    this.onlyText = isText ? columns.get(0).index() : -1;
    this.refusal = Refusal.ofImplausible(value.name(), check.name());
    this.numerator = check.factor().unscaledValue().longValueExact();
    this.denominator = BigInteger.TEN.pow(check.factor().scale()).longValueExact();
  }

  PreviousRule copy() {
    return new PreviousRule(check, value, group.copy());
  }

  String name() {
    return check.name();
  }

  Severity severity() {
    return check.severity();
  }

  Refusal refusal() {
    return refusal;
  }

  List<Column> columns() {
    List<Column> columns = new ArrayList<>(group.columns());
    columns.add(value);
    return columns;
  }

  /** Nothing is so many times nothing, so zero is no value to compare with. */
  boolean hasValue(SilverRow row) {
    return !row.isNull(value.index()) && row.number(value.index()) != 0;
  }

  long value(SilverRow row) {
    return row.number(value.index());
  }

  Fingerprint group(SilverRow row) {
    return group(row.source(), row);
  }

  /** The groups of a stream come again and again: of the usual single text they are looked up. */
  Fingerprint group(String source, SilverRow row) {
    String text = onlyText < 0 ? null : row.text(onlyText);
    if (text == null) {
      return group.of(source, row);
    }
    int place = text.hashCode() & (CACHED - 1);
    if (text.equals(texts[place]) && source.equals(sources[place])) {
      return group.set(hashes[2 * place], hashes[2 * place + 1]);
    }
    group.of(source, row);
    texts[place] = text;
    sources[place] = source;
    hashes[2 * place] = group.high();
    hashes[2 * place + 1] = group.low();
    return group;
  }

  boolean isPlausible(SilverRow row, GroupValues values) {
    Fingerprint key = group(row);
    int place = values.find(key);
    if (place < 0 || isWithin(value(row), values.value(place))) {
      return true;
    }
    Suspicion suspicion = values.suspicion(key, place);
    return confirms(row, suspicion);
  }

  /** The same key again says nothing new: it may be the very record that was refused. */
  private boolean confirms(SilverRow row, @Nullable Suspicion suspicion) {
    return suspicion != null
        && (suspicion.keyHigh != row.keyHi() || suspicion.keyLow != row.keyLo())
        && isWithin(value(row), suspicion.value);
  }

  private boolean isWithin(long one, long other) {
    return (one < 0) == (other < 0) && reaches(one, other) && reaches(other, one);
  }

  /** Whether |small| × factor ≥ |large|, exactly. */
  private boolean reaches(long small, long large) {
    try {
      return Math.multiplyExact(absolute(small), numerator)
          >= Math.multiplyExact(absolute(large), denominator);
    } catch (ArithmeticException e) {
      BigInteger reach = BigInteger.valueOf(small).abs().multiply(BigInteger.valueOf(numerator));
      return reach.compareTo(
              BigInteger.valueOf(large).abs().multiply(BigInteger.valueOf(denominator)))
          >= 0;
    }
  }

  private static long absolute(long number) {
    return number < 0 ? Math.negateExact(number) : number;
  }
}
