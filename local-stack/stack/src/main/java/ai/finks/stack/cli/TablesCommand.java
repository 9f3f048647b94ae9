package ai.finks.stack.cli;

import ai.finks.flink.silver.hash.TableHash;
import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.TableSummary;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows every table of the lake. */
@Command(name = "tables", description = "Show every table: snapshot, rows, files, bytes, periods.")
final class TablesCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--hash",
      description = "Also Silver's table hash: equal for equal content, however it is stored.")
  private boolean hash;

  @Override
  public Integer call() throws IOException {
    FinksHome home = common.home();
    if (!Lake.existsIn(home)) {
      throw CommandFailure.usage(
          "There are no tables in "
              + home
              + "; this makes them: ./finks up"
              + RunningStack.homeOption(home));
    }
    try (Lake lake = Lake.open(home)) {
      List<TableSummary> tables = TableSummary.all(lake);
      Map<String, TableHash> hashes = hash ? hashes(home, tables) : Map.of();
      if (common.json()) {
        common.print(json(tables, hashes));
      } else {
        print(tables, hashes);
      }
    }
    return ExitCode.DONE.code();
  }

  private static Map<String, TableHash> hashes(FinksHome home, List<TableSummary> tables) {
    Map<String, Contract> contracts = new TreeMap<>();
    for (Contract contract : Bindings.catalog(home).contracts()) {
      contracts.put(LakeTables.silver(contract.entity()).toString(), contract);
    }
    Map<String, TableHash> hashes = new TreeMap<>();
    for (TableSummary table : tables) {
      Contract contract = contracts.get(table.name());
      if (contract != null) {
        hashes.put(table.name(), TableHash.of(table.table(), contract));
      }
    }
    return hashes;
  }

  private static ObjectNode json(List<TableSummary> tables, Map<String, TableHash> hashes) {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    ArrayNode array = document.putArray("tables");
    for (TableSummary table : tables) {
      ObjectNode node = array.addObject().put("name", table.name());
      table.stats().snapshotId().ifPresent(id -> node.put("snapshot", id));
      if (table.committedAtMillis() > 0) {
        node.put("committed_at", instant(table));
      }
      node.put("rows", table.stats().rows())
          .put("files", table.stats().files())
          .put("bytes", table.stats().bytes())
          .put("periods_sealed", table.stats().sealedPeriods().size())
          .put("periods_open", table.stats().openPeriods().size())
          .put("location", table.table().location());
      table.stats().sealedPeriods().forEach(node.putArray("sealed")::add);
      table.stats().openPeriods().forEach(node.putArray("open")::add);
      TableHash found = hashes.get(table.name());
      if (found != null) {
        node.put("hash", found.hex()).put("newest_rows", found.rows());
      }
    }
    return document;
  }

  private void print(List<TableSummary> tables, Map<String, TableHash> hashes) {
    common.print(
        String.format(
            "%-28s %11s %7s %13s %7s %7s  %s",
            "table", "rows", "files", "bytes", "sealed", "open", "committed"));
    for (TableSummary table : tables) {
      common.print(
          String.format(
              "%-28s %,11d %,7d %,13d %,7d %,7d  %s",
              table.name(),
              table.stats().rows(),
              table.stats().files(),
              table.stats().bytes(),
              table.stats().sealedPeriods().size(),
              table.stats().openPeriods().size(),
              table.committedAtMillis() == 0 ? "never" : instant(table)));
    }
    hashes.forEach(
        (name, found) ->
            common.print(
                String.format(
                    "%-28s %,11d newest rows, hash %s", name, found.rows(), found.hex())));
  }

  private static String instant(TableSummary table) {
    return Instant.ofEpochMilli(table.committedAtMillis()).toString();
  }
}
