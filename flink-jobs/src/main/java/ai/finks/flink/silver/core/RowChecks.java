package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Check;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A contract's checks, compiled. */
final class RowChecks {

  private final List<CompiledCheck> checks = new ArrayList<>();

  private final int ingestTime;
  private final int ingestDay;
  private final LocalDays localDays;
  private final boolean needIngestTime;
  private final boolean needIngestDay;

  RowChecks(Contract contract) {
    this(contract, field -> true);
  }

  /**
   * @param visible by position; a check that looks at any other field is left out
   */
  RowChecks(Contract contract, IntPredicate visible) {
    for (Check check : contract.checks()) {
      CompiledCheck compiled = new CompiledCheck(check);
      if (Arrays.stream(compiled.fields).allMatch(visible)) {
        checks.add(compiled);
      }
    }
    this.ingestTime = contract.envelopeFields().get(0).index();
    this.ingestDay = contract.envelopeFields().get(1).index();
    this.localDays = new LocalDays(contract.zone());
    this.needIngestTime = anyLooksAt(ingestTime);
    this.needIngestDay = anyLooksAt(ingestDay);
  }

  private boolean anyLooksAt(int field) {
    return checks.stream()
        .flatMapToInt(check -> Arrays.stream(check.fields))
        .anyMatch(looked -> looked == field);
  }

  /**
   * Runs every check, those on time relative to when the record was taken in. Those that refuse are
   * added to the refusals; the names of those that warn are returned, joined by commas, or null
   * when none does.
   */
  @Nullable String run(FieldValues values, long ingestTimeMicros, Refined out) {
    setIngest(values, ingestTimeMicros);
    StringBuilder warnings = null;
    for (CompiledCheck check : checks) {
      if (!check.fails(values)) {
        continue;
      }
      if (check.severity == Severity.REFUSE) {
        out.refuse(check.refusal);
      } else {
        warnings = warnings == null ? new StringBuilder() : warnings.append(',');
        warnings.append(check.name);
      }
    }
    return warnings == null ? null : warnings.toString();
  }

  private void setIngest(FieldValues values, long ingestTimeMicros) {
    if (needIngestTime) {
      values.set(ingestTime, ingestTimeMicros);
    }
    if (needIngestDay) {
      values.set(ingestDay, localDays.of(ingestTimeMicros));
    }
  }

  /** The name of the first check that would refuse the values; null when none does. */
  @Nullable String refusing(FieldValues values, long ingestTimeMicros) {
    setIngest(values, ingestTimeMicros);
    for (CompiledCheck check : checks) {
      if (check.severity == Severity.REFUSE && check.fails(values)) {
        return check.name;
      }
    }
    return null;
  }

  /** The positions of all fields that a check looks at. */
  IntStream fields() {
    return checks.stream().flatMapToInt(check -> Arrays.stream(check.fields)).distinct();
  }

  private static final class CompiledCheck {
    final String name;
    final Severity severity;
    final Refusal refusal;
    private final ConditionCompiler.Test test;
    private final int[] fields;

    CompiledCheck(Check check) {
      this.name = check.name();
      this.severity = check.severity();
      this.refusal = Refusal.ofCheck(check.name());
      ConditionCompiler compiler = new ConditionCompiler();
      this.test = check.condition().accept(compiler);
      this.fields = compiler.fields();
    }

    /** Nothing is concluded from a value that was refused already. */
    boolean fails(FieldValues values) {
      if (values.anyBroken()) {
        for (int field : fields) {
          if (values.isBroken(field)) {
            return false;
          }
        }
      }
      return test.on(values) == ConditionCompiler.FALSE;
    }
  }
}
