package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.PreviousCheck;
import ai.finks.schemas.contract.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A contract's checks against previous values, compiled. The values themselves are a partition's
 * ({@link PreviousValues}). For one thread.
 *
 * <p>Previous is what was kept last of the same group, in the order of the stream. A value that is
 * refused is not forgotten: if the group's next value is implausible too but plausible beside the
 * refused one, and of another key, the level has changed and the value is taken. So a legitimate
 * jump costs the first value after it, and a wrong first value of a group costs one right one.
 */
public final class PreviousRules {
  private final List<PreviousRule> rules;

  private PreviousRules(List<PreviousRule> rules) {
    this.rules = rules;
  }

  static PreviousRules of(Contract contract, List<Column> columns, RowHashes hashes) {
    List<PreviousRule> rules = new ArrayList<>();
    for (PreviousCheck check : contract.previousChecks()) {
      List<Column> group = new ArrayList<>();
      for (Field field : check.group()) {
        group.add(column(columns, field));
      }
      rules.add(
          new PreviousRule(check, column(columns, check.value()), hashes.fingerprintOf(group)));
    }
    return new PreviousRules(rules);
  }

  private static Column column(List<Column> columns, Field field) {
    return columns.stream()
        .filter(column -> column.field().equals(field))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(field.name() + " is not stored"));
  }

  PreviousRules copy() {
    List<PreviousRule> copies = new ArrayList<>();
    rules.forEach(rule -> copies.add(rule.copy()));
    return new PreviousRules(copies);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether a rule refuses, so that refused values count. */
  public boolean canRefuse() {
    return rules.stream().anyMatch(rule -> rule.severity() == Severity.REFUSE);
  }

  /** Nothing known yet, for a partition. */
  public PreviousValues newValues() {
    return new PreviousValues(rules.size());
  }

  Set<Column> columns() {
    Set<Column> columns = new LinkedHashSet<>();
    rules.forEach(rule -> columns.addAll(rule.columns()));
    return columns;
  }

  /**
   * Compares a row with what came before it, and remembers what is refused. A check that warns adds
   * its name to the row's warnings.
   *
   * @param position the row's {@link Arrivals#position}
   * @return why the row is refused; empty when it is plausible
   */
  public List<Refusal> judge(SilverRow row, long position, PreviousValues values) {
    List<Refusal> refusals = List.of();
    for (int i = 0; i < rules.size(); i++) {
      PreviousRule rule = rules.get(i);
      if (!rule.hasValue(row) || rule.isPlausible(row, values.of(i))) {
        continue;
      }
      if (rule.severity() == Severity.WARN) {
        row.addWarning(rule.name());
      } else {
        values.of(i).suspect(rule.group(row), suspicion(rule, row, position));
        refusals = refusals.isEmpty() ? new ArrayList<>() : refusals;
        refusals.add(rule.refusal());
      }
    }
    return refusals;
  }

  /** Remembers the values of a row that is kept, or was, as the newest ones up to its position. */
  public void remember(SilverRow row, String source, long position, PreviousValues values) {
    for (int i = 0; i < rules.size(); i++) {
      PreviousRule rule = rules.get(i);
      if (rule.hasValue(row)) {
        values.of(i).put(rule.group(source, row), position, rule.value(row));
      }
    }
  }

  /** Remembers a row that some of the checks refused, as {@link #judge} did then. */
  public void rememberRefused(
      SilverRow row, Collection<String> checks, long position, PreviousValues values) {
    for (int i = 0; i < rules.size(); i++) {
      PreviousRule rule = rules.get(i);
      if (checks.contains(rule.name()) && rule.hasValue(row)) {
        values.of(i).suspect(rule.group(row), suspicion(rule, row, position));
      }
    }
  }

  private static GroupValues.Suspicion suspicion(PreviousRule rule, SilverRow row, long position) {
    return new GroupValues.Suspicion(position, rule.value(row), row.keyHi(), row.keyLo());
  }
}
