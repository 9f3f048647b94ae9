package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.fmp.FmpAdapter;
import ai.finks.adapters.fmp.FmpRequest;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.lineage.RunFacts;
import ai.finks.stack.cli.BackfillLog.Chunk;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeProgress;
import ai.finks.stack.lake.StreamEnds;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings in a past range by chunks, then audits each chunk by a replay of it. */
@Command(
    name = "backfill",
    description = "Ingest a past range by chunks, then replay and audit each of them.",
    footer = {
      "",
      "The same command again goes on where an earlier one was interrupted: what was sent is not",
      "asked for again, what was audited stays. Exit code 1 when an audit objects to a chunk, or",
      "when not all that was asked for came."
    })
final class BackfillCommand implements Callable<Integer> {
  private static final String BARS = "fmp.bars";
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "SOURCE.ENTITY", description = "A source with days: fmp.bars.")
  private String name = "";

  @Option(names = "--from", required = true, paramLabel = "DAY", description = "First day.")
  private LocalDate from = LocalDate.EPOCH;

  @Option(names = "--to", required = true, paramLabel = "DAY", description = "Last day.")
  private LocalDate to = LocalDate.EPOCH;

  @Option(
      names = "--chunk-days",
      paramLabel = "N",
      description = "Days of one chunk (default: ${DEFAULT-VALUE}).")
  private int chunkDays = 30;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Chunks that are ingested at a time (default: ${DEFAULT-VALUE}).")
  private int parallel = 4;

  @Option(
      names = "--symbols",
      split = ",",
      paramLabel = "SYMBOL",
      description = "Comma-separated (default: all that the simulator has).")
  private List<String> symbols = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    FinksHome home = common.home();
    requireOptions(home);
    StackRecord stack = RunningStack.of(home);
    List<String> wanted = symbols.isEmpty() ? FmpAccess.simulatedSymbols(stack) : symbols;
    BackfillLog log =
        BackfillLog.open(home.folder().resolve("backfills"), id(wanted), from, to, chunkDays);
    common.progress(
        String.format(
            "backfill %s: %d chunks of up to %d days, %d symbols",
            id(wanted), log.chunks().size(), chunkDays, wanted.size()));
    ExitCode exitCode;
    try (RunTelling telling = RunTelling.on(home, common::warn)) {
      exitCode =
          telling.of(
              facts(wanted),
              () -> {
                ingest(home, stack, log, wanted);
                awaitCommitted(home, stack);
                return outcome(log, audit(home, stack, log, id(wanted)));
              },
              done -> Map.of("chunks", (long) log.chunks().size()),
              done ->
                  done == ExitCode.DONE
                      ? Optional.empty()
                      : Optional.of("not all came, or the audit of a chunk objects"));
    }
    print(id(wanted), log);
    return exitCode.code();
  }

  private RunFacts facts(List<String> wanted) {
    Map<String, String> asked =
        Map.of(
            "from", from.toString(),
            "to", to.toString(),
            "chunk-days", Integer.toString(chunkDays),
            "symbols", String.join(",", wanted));
    String entity = name.substring(name.indexOf('.') + 1);
    return RunFacts.of(id(wanted), "backfill", name, Instant.now())
        .asking(asked, List.of(name), List.of(LakeTables.silver(entity).toString()));
  }

  private void requireOptions(FinksHome home) {
    Binding binding = Bindings.binding(Bindings.catalog(home), name);
    if (!name.equals(BARS)) {
      throw CommandFailure.usage(
          "'" + binding.name() + "' cannot be asked for days of the past; " + BARS + " can");
    }
    if (to.isBefore(from)) {
      throw CommandFailure.usage("--to " + to + " lies before --from " + from);
    }
    if (chunkDays < 1 || parallel < 1 || parallel > 64) {
      throw CommandFailure.usage("--chunk-days must be 1 or more, --parallel 1 to 64");
    }
  }

  /** The same question has the same name, so that it is gone on with. */
  private String id(List<String> wanted) {
    return String.format(
        "backfill-%s-%s-%s-%d-%08x",
        name.replace('.', '-'), from, to, chunkDays, String.join(",", wanted).hashCode());
  }

  private void ingest(FinksHome home, StackRecord stack, BackfillLog log, List<String> wanted)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Chunk chunk : log.chunks()) {
        if (chunk.ends == null) {
          running.add(
              pool.submit(
                  () -> {
                    send(home, stack, log, chunk, wanted);
                    return null;
                  }));
        }
      }
      awaitAll(running);
    } finally {
      pool.shutdownNow();
    }
  }

  /** What becomes of one chunk does not end another. */
  private static void awaitAll(List<Future<?>> running) throws InterruptedException {
    ExecutionException first = null;
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first.getCause() instanceof CommandFailure failure
          ? failure
          : CommandFailure.platform("A chunk was not sent: " + first.getCause(), first);
    }
  }

  private void send(
      FinksHome home, StackRecord stack, BackfillLog log, Chunk chunk, List<String> wanted)
      throws Exception {
    log.sendingFrom(chunk, ends(home, stack));
    BatchAdapter adapter =
        FmpAdapter.of(
            FmpAccess.simulator(stack, 1),
            FmpRequest.bars(wanted, chunk.from, chunk.to),
            Bindings.stream(home, name));
    IngestReport report =
        new Ingestion(home, stack, id(wanted))
            .run(
                adapter, chunk.runId, new IngestProgressLines(chunk.runId, line -> {}, line -> {}));
    log.failed(
        chunk,
        report.failed().stream().map(failure -> failure.unit() + ": " + failure.reason()).toList());
    if (!report.finished()) {
      return;
    }
    log.sent(chunk, ends(home, stack));
    common.progress(
        String.format("chunk %s to %s: sent %,d records", chunk.from, chunk.to, report.sent()));
  }

  private Map<StreamPartition, Long> ends(FinksHome home, StackRecord stack)
      throws InterruptedException {
    String topic = Bindings.binding(Bindings.catalog(home), name).topic();
    try {
      Map<StreamPartition, Long> ends = new TreeMap<>(StreamEnds.of(stack.url("kafka").orElse("")));
      ends.keySet().removeIf(partition -> !partition.topic().equals(topic));
      return ends;
    } catch (StreamEnds.StreamUnavailableException e) {
      throw CommandFailure.platform("" + e.getMessage(), e);
    }
  }

  private void awaitCommitted(FinksHome home, StackRecord stack)
      throws IOException, InterruptedException {
    try (Lake lake = Lake.open(home)) {
      new Wait(home, stack, new LakeProgress(lake), ends(home, stack), PATIENCE)
          .run(common::progress);
    }
  }

  /**
   * @return whether nothing was objected to
   */
  private boolean audit(FinksHome home, StackRecord stack, BackfillLog log, String id)
      throws Exception {
    EntitySchemas schemas =
        EntitySchemas.of(Bindings.catalog(home), name.substring(name.indexOf('.') + 1));
    try (ReplayRun run = new ReplayRun(home, stack, schemas, line -> {})) {
      return new BackfillAudit(run, log, id, common::progress, common::warn).run();
    }
  }

  private ExitCode outcome(BackfillLog log, boolean isGood) {
    ExitCode outcome = isGood ? ExitCode.DONE : ExitCode.DATA;
    for (Chunk chunk : log.chunks()) {
      for (String failed : chunk.failed) {
        common.warn(String.format("Chunk %s to %s: failed: %s", chunk.from, chunk.to, failed));
        outcome = ExitCode.DATA;
      }
      if (chunk.ends == null) {
        common.warn(
            String.format(
                "Chunk %s to %s was not brought in as a whole; the same command again goes on",
                chunk.from, chunk.to));
        outcome = ExitCode.DATA;
      }
    }
    return outcome;
  }

  private void print(String id, BackfillLog log) {
    ObjectNode document = CommonOptions.JSON.createObjectNode().put("backfill_id", id);
    document.set("chunks", log.document());
    if (common.json()) {
      common.print(document);
    } else {
      TextTable.lines(log.document()).forEach(common::print);
    }
  }
}
