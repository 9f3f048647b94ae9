package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.fmp.FmpAdapter;
import ai.finks.adapters.fmp.FmpRequest;
import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.ContractChoice;
import ai.finks.flink.replay.core.ReplayOrder;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.binding.Binding;
import ai.finks.stack.cli.BackfillLog.Chunk;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeProgress;
import ai.finks.stack.lake.StreamEnds;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      "asked for again, what was audited stays. Exit code 1 when an audit objects to a chunk."
    })
final class BackfillCommand implements Callable<Integer> {
  private static final String BARS = "fmp.bars";
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final long MICROS_PER_SECOND = 1_000_000L;

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
    ingest(home, stack, log, wanted);
    awaitCommitted(home, stack);
    int exitCode = audit(home, stack, log);
    print(id(wanted), log);
    return exitCode;
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
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof CommandFailure failure
          ? failure
          : CommandFailure.platform("A chunk was not sent: " + e.getCause(), e);
    } finally {
      pool.shutdownNow();
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
        new Ingestion(home, stack)
            .run(
                adapter, chunk.runId, new IngestProgressLines(chunk.runId, line -> {}, line -> {}));
    if (!report.finished()) {
      throw CommandFailure.data(
          "Chunk "
              + chunk.from
              + " was not brought in as a whole: "
              + report.failed()
              + "; the same command again goes on");
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

  private int audit(FinksHome home, StackRecord stack, BackfillLog log) throws Exception {
    String entity = name.substring(name.indexOf('.') + 1);
    EntitySchemas schemas = EntitySchemas.of(Bindings.catalog(home), entity);
    ExitCode exitCode = ExitCode.DONE;
    try (ReplayRun run = new ReplayRun(home, stack, schemas, line -> {})) {
      for (Chunk chunk : log.chunks()) {
        ObjectNode known = chunk.outcome;
        if (known == null || known.path("state").asText().equals("stopped")) {
          known = audit(run, entity, chunk);
          log.audited(chunk, known);
        }
        if (known.path("state").asText().equals("stopped")) {
          common.warn(
              String.format(
                  "Chunk %s to %s: %s. It stays staged; ./finks replay %s --resume %s",
                  chunk.from,
                  chunk.to,
                  known.path("objection").asText(),
                  entity,
                  known.path("replay_id").asText()));
          exitCode = ExitCode.DATA;
        }
      }
    }
    return exitCode.code();
  }

  private ObjectNode audit(ReplayRun run, String entity, Chunk chunk) throws Exception {
    Map<String, Map<Integer, OffsetRange>> offsets = chunk.offsets();
    if (offsets.isEmpty()) {
      ObjectNode nothing = CommonOptions.JSON.createObjectNode();
      return nothing.put("state", ReplayResult.State.UNCHANGED.label()).put("records", 0);
    }
    ReplayOrder order =
        new ReplayOrder(
                ReplayCommand.newId(entity),
                entity,
                days(chunk, run.contract().zone()),
                run.choice(ContractChoice.LIVE),
                Set.copyOf(offsets.keySet()))
            .of(offsets);
    ReplayResult result = run.run(run.plan(order), false, 1);
    common.progress(
        String.format(
            "chunk %s to %s: %s %s",
            chunk.from, chunk.to, result.state().label(), result.audit().rows()));
    return ReplayView.result(result);
  }

  private static ReplayRange days(Chunk chunk, ZoneId zone) {
    return ReplayRange.of(
        ReplayRange.By.EVENT,
        chunk.from.atStartOfDay(zone).toEpochSecond() * MICROS_PER_SECOND,
        chunk.to.plusDays(1).atStartOfDay(zone).toEpochSecond() * MICROS_PER_SECOND);
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
