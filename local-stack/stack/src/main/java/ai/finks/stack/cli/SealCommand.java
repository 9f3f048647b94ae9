package ai.finks.stack.cli;

import ai.finks.flink.seal.CompactionReport;
import ai.finks.flink.seal.PeriodReport;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.iceberg.exceptions.ValidationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Seals past periods of Silver. */
@Command(
    name = "seal",
    description = "Sort, compact and mark the past periods of Silver that were touched since.",
    footer = {
      "",
      "Of quarantine, marks, accounting and Bronze's ledger many small files become few. Every",
      "version stays. Periods whose rows do not fulfil the contract's checks stay as they" + " are",
      "and make the exit code 1. The stack may run; it does the same every night."
    })
final class SealCommand implements Callable<Integer> {
  private static final int MOST_THREADS = 64;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "ENTITY",
      arity = "0..1",
      description = "Whose periods (default: all entities').")
  private @Nullable String entity;

  @Option(
      names = "--period",
      paramLabel = "P",
      description = "This one alone: 2026, 2026-01 or 2026-01-05, as its table has periods.")
  private @Nullable String period;

  @Option(names = "--dry-run", description = "Only say which periods would be sealed.")
  private boolean dryRun;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Periods that are written at a time (default: 2).")
  private int threads = 2;

  @Override
  public Integer call() throws IOException {
    FinksHome home = common.home();
    RunningStack.requireLake(home);
    if (threads < 1 || threads > MOST_THREADS) {
      throw CommandFailure.usage("--threads must be 1 to " + MOST_THREADS + ", was " + threads);
    }
    long started = System.nanoTime();
    List<Contract> contracts = LakeSeal.entities(home, entity);
    TablePeriod only = only();
    List<LakeSeal.Done> done;
    List<CompactionReport> compacted;
    Map<String, String> leftAlone = new TreeMap<>();
    try (Lake lake = Lake.open(home)) {
      Instant now = Instant.now();
      LakeSeal seal = new LakeSeal(home, lake, threads, now);
      if (only != null) {
        contracts = new SealPeriod(lake, only).entities(contracts);
      }
      done = dryRun ? seal.plan(contracts, only) : seal.run(contracts, only, common::progress);
      compacted = seal.compacted();
      if (only != null) {
        leftAlone.putAll(leftAlone(new SealPeriod(lake, only), contracts, done, now));
      }
    } catch (ValidationException conflict) {
      throw CommandFailure.platform(
          "Others replaced the same periods again and again: " + conflict.getMessage(), conflict);
    }
    show(done, compacted, leftAlone, Elapsed.rounded(started));
    boolean anyHeld = done.stream().anyMatch(each -> !each.period().failures().isEmpty());
    return (anyHeld ? ExitCode.DATA : ExitCode.DONE).code();
  }

  /** Why nothing is done about the period that was asked for, by entity. */
  private static Map<String, String> leftAlone(
      SealPeriod period, List<Contract> contracts, List<LakeSeal.Done> done, Instant now) {
    Map<String, String> reasons = new TreeMap<>();
    for (Contract contract : contracts) {
      if (done.stream().noneMatch(each -> each.entity().equals(contract.entity()))) {
        reasons.put(contract.entity(), period.reason(contract, now));
      }
    }
    return reasons;
  }

  private @Nullable TablePeriod only() {
    try {
      return period == null ? null : TablePeriod.parse(period);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--period: " + e.getMessage());
    }
  }

  private void show(
      List<LakeSeal.Done> done,
      List<CompactionReport> compacted,
      Map<String, String> leftAlone,
      double seconds) {
    ArrayNode periods = CommonOptions.JSON.createArrayNode();
    done.forEach(each -> periods.add(json(each)));
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("dry_run", dryRun).put("seconds", seconds).set("periods", periods);
      ArrayNode tables = document.putArray("compacted");
      compacted.forEach(report -> tables.add(json(report)));
      leftAlone.forEach(document.putObject("left_alone")::put);
      common.print(document);
      return;
    }
    TextTable.lines(periods).forEach(common::print);
    leftAlone.forEach((name, why) -> common.print(period + " of " + name + ": " + why));
    if (leftAlone.isEmpty() || !done.isEmpty()) {
      common.print(sum(done));
    }
  }

  private ObjectNode json(LakeSeal.Done done) {
    PeriodReport report = done.period();
    ObjectNode node = CommonOptions.JSON.createObjectNode();
    node.put("entity", done.entity())
        .put("period", report.period().toString())
        .put("state", state(report))
        .put("rows", report.rows())
        .put("files_before", report.filesBefore())
        .put("bytes_before", report.bytesBefore());
    if (report.isSealed()) {
      node.put("files_after", report.filesAfter())
          .put("bytes", report.bytesAfter())
          .put("superseded", report.superseded());
    } else {
      node.putNull("files_after").putNull("bytes").putNull("superseded");
    }
    ObjectNode failures = node.putObject("failed_checks");
    for (Map.Entry<String, Long> failure : report.failures().entrySet()) {
      failures.put(failure.getKey(), failure.getValue());
    }
    if (common.json() && !done.sealId().isEmpty()) {
      node.put("seal_id", done.sealId());
    }
    return node;
  }

  private static ObjectNode json(CompactionReport report) {
    return CommonOptions.JSON
        .createObjectNode()
        .put("table", report.table())
        .put("partitions", report.partitions())
        .put("rows", report.rows())
        .put("files_before", report.filesBefore())
        .put("files_after", report.filesAfter());
  }

  private static String state(PeriodReport report) {
    if (report.isSealed()) {
      return "sealed";
    }
    return report.failures().isEmpty() ? "planned" : "held";
  }

  private String sum(List<LakeSeal.Done> done) {
    List<PeriodReport> reports = done.stream().map(LakeSeal.Done::period).toList();
    if (reports.isEmpty()) {
      return "No past period was touched since its last seal.";
    }
    long before = reports.stream().mapToLong(PeriodReport::filesBefore).sum();
    long bytesBefore = reports.stream().mapToLong(PeriodReport::bytesBefore).sum();
    if (dryRun) {
      return String.format(
          "%,d periods of %,d files, %,d bytes would be sealed.",
          reports.size(), before, bytesBefore);
    }
    return String.format(
        "%,d periods sealed, %,d held: %,d files of %,d bytes are %,d of %,d now.",
        reports.stream().filter(PeriodReport::isSealed).count(),
        reports.stream().filter(report -> !report.isSealed()).count(),
        before,
        bytesBefore,
        reports.stream().mapToLong(PeriodReport::filesAfter).sum(),
        reports.stream().mapToLong(PeriodReport::bytesAfter).sum());
  }
}
