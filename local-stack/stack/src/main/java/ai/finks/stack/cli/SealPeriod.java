package ai.finks.stack.cli;

import ai.finks.flink.seal.SealedPeriods;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.lake.Lake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;

/** One period that is asked for by its name: whose it can be, and why it is left as it is. */
final class SealPeriod {
  private static final List<String> FORMS = List.of("2026", "2026-01", "2026-01-05");

  private final Lake lake;
  private final TablePeriod period;

  SealPeriod(Lake lake, TablePeriod period) {
    this.lake = lake;
    this.period = period;
  }

  /**
   * Those whose tables have such periods.
   *
   * @throws CommandFailure if none has
   */
  List<Contract> entities(List<Contract> asked) {
    List<Contract> fitting = new ArrayList<>();
    Map<String, String> forms = new TreeMap<>();
    for (Contract contract : asked) {
      if (lake.catalog().catalog().tableExists(LakeTables.silver(contract.entity()))) {
        int levels = table(contract).spec().fields().size();
        forms.put(contract.entity(), FORMS.get(levels - 1));
        if (levels == period.levels().size()) {
          fitting.add(contract);
        }
      }
    }
    if (fitting.isEmpty()) {
      throw CommandFailure.usage(
          "--period: " + period + " is no period of these tables, which are written so: " + forms);
    }
    return fitting;
  }

  /** Why there is nothing to seal. */
  String reason(Contract contract, Instant now) {
    Table table = table(contract);
    table.refresh();
    SealedPeriods periods = SealedPeriods.of(table);
    if (periods.sealed().contains(period)) {
      return "sealed already";
    }
    if (periods.open().contains(period)) {
      return period.isOver(contract.zone(), now) ? "sealed by another command" : "not over";
    }
    return "has no rows";
  }

  private Table table(Contract contract) {
    return lake.load(LakeTables.silver(contract.entity()));
  }
}
