package ai.finks.stack.cli;

import ai.finks.flink.rebuild.LakeRecovery;
import ai.finks.flink.rebuild.RebuildConfig;
import ai.finks.flink.rebuild.RebuildJob;
import ai.finks.flink.rebuild.RebuildResult;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.lineage.RunFacts;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.HomeLock;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes Silver again from Bronze alone; all of it, and Gold, after a disaster. */
@Command(
    name = "rebuild",
    description = "Make Silver tables again from Bronze alone; with --all also Gold.",
    footer = {
      "",
      "The old tables are read until the new ones are complete; each is then put in place by one",
      "commit, while a running stack's silver job pauses. An interrupted rebuild goes on when it"
          + " is",
      "given again.",
      "--all also works where catalog, Silver, Gold, checkpoints and Kafka are lost: it needs",
      "Bronze's objects, the keys and the contracts. Exit code 1 when Bronze has a gap."
    })
final class RebuildCommand implements Callable<Integer> {
  private static final int MOST_PARALLEL = 64;
  private static final Duration PATIENCE_WITH_BRONZE = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 100;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "ENTITY", arity = "0..1", description = "What is rebuilt, e.g. bars.")
  private @Nullable String entity;

  @Option(names = "--all", description = "Every entity, and Gold.")
  private boolean all;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Stream partitions at a time (default: ${DEFAULT-VALUE}).")
  private int parallel = 1;

  @Option(
      names = "--accept-gap",
      paramLabel = "T:P:A-B",
      split = ",",
      description = "Offsets that Bronze need not have, because they were given up.")
  private List<String> acceptGap = List.of();

  @Override
  public Integer call() throws Exception {
    if (all == (entity != null)) {
      throw CommandFailure.usage("Rebuild one ENTITY, or --all");
    }
    acceptedGaps();
    if (parallel < 1 || parallel > MOST_PARALLEL) {
      throw CommandFailure.usage("--parallel must be 1 to " + MOST_PARALLEL + ", was " + parallel);
    }
    FinksHome home = common.home();
    if (home.isEmpty()) {
      throw CommandFailure.usage("There is nothing in " + home + " to rebuild anything from");
    }
    Optional<HomeLock> lock = RunningStack.lockUnlessUp(home);
    try {
      return rebuild(home, lock.isEmpty() ? RunningStack.of(home) : null);
    } catch (JobStoppedException e) {
      throw CommandFailure.data("" + e.getMessage());
    } finally {
      if (lock.isPresent()) {
        lock.get().close();
      }
    }
  }

  /**
   * @param stack the one that is up; null where none is and this holds the home's lock
   */
  private int rebuild(FinksHome home, @Nullable StackRecord stack) throws Exception {
    RunningStack.requireReachableLake(home);
    home.create();
    SchemaCatalog schemas = Bindings.catalog(home);
    if (entity != null) {
      RefusedQuery.requireEntity(home, entity);
    }
    requireKeys(home);
    prepare(home, schemas);
    String id = Ingestion.runId(null, "rebuild");
    List<RebuildResult> results;
    JsonNode gold;
    try (RunTelling telling = RunTelling.on(home, common::warn)) {
      results =
          telling.of(
              facts(id),
              () -> stack == null ? replace(home, entity != null) : replaceBeside(home, stack),
              done -> Map.of("tables", done.stream().map(RebuildResult::rebuildId).toList()));
      results.forEach(result -> tell(telling, id, result));
      gold = all ? buildGold(home, telling, id) : null;
    }
    new RebuildView(common).print(home, schemas, results, gold);
    return (gold != null && gold.path("held").size() > 0 ? ExitCode.DATA : ExitCode.DONE).code();
  }

  private RunFacts facts(String id) {
    return RunFacts.of(id, "rebuild", entity == null ? "all" : entity, Instant.now())
        .asking(
            Map.of("parallel", Integer.toString(parallel)),
            List.of(LakeTables.BRONZE_FILES.toString()),
            List.of());
  }

  /** Each entity's tables carry an id of their own. */
  private static void tell(RunTelling telling, String cause, RebuildResult result) {
    telling.completed(
        RunFacts.of(result.rebuildId(), "rebuild", result.entity(), Instant.now())
            .correlatedTo(cause)
            .asking(
                Map.of(),
                List.of(LakeTables.BRONZE_FILES.toString()),
                List.of(LakeTables.silver(result.entity()).toString()))
            .ended(Instant.now(), Map.of("records", result.records())));
  }

  /** New keys would make other tokens and hashes of the same records. */
  private static void requireKeys(FinksHome home) {
    try {
      KeyDirectory.load(home.keys());
    } catch (IllegalStateException e) {
      throw CommandFailure.platform(
          "The keys in "
              + home.keys()
              + " are needed as they were; restore them from their backup: "
              + e.getMessage(),
          e);
    }
  }

  private void prepare(FinksHome home, SchemaCatalog schemas) throws IOException {
    if (all) {
      LakeCatalog.initialise(CatalogConfig.of(Lake.catalogSettings(home), Lake.root(home)));
    } else if (!Lake.existsIn(home)) {
      throw CommandFailure.usage(
          "The catalog of " + home + " is gone; this brings everything back: rebuild --all");
    }
    try (Lake lake = Lake.open(home)) {
      if (all) {
        LakeRecovery.prepare(
            lake.catalog(), Lake.root(home), schemas.contracts(), acceptedGaps(), common::progress);
      } else if (!lake.catalog().isReadable(LakeTables.BRONZE_FILES)) {
        throw CommandFailure.usage("Bronze's ledger is gone; rebuild --all brings it back");
      }
    }
  }

  private AcceptedGaps acceptedGaps() {
    try {
      return AcceptedGaps.parse(acceptGap);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--accept-gap " + e.getMessage());
    }
  }

  /**
   * @param upToTables whether a live job takes what lies behind where the tables stand
   */
  private List<RebuildResult> replace(FinksHome home, boolean upToTables) throws Exception {
    // A seal rewrites small files of the same tables.
    try (LakeLock ignored = LakeLock.take(home, LakeSeal.WORK, "rebuild")) {
      return explaining(
          () ->
              RebuildJob.run(config(home, upToTables), () -> environment(home), common::progress));
    }
  }

  /** Reads Bronze beside the live job; what is left is read, and put in place, while it pauses. */
  private List<RebuildResult> replaceBeside(FinksHome home, StackRecord stack) throws Exception {
    explaining(
        () -> {
          RebuildJob.stage(config(home, true), () -> environment(home), common::progress);
          return List.of();
        });
    common.progress("Pausing the silver job …");
    try (SilverHold hold = SilverHold.take(home, stack)) {
      awaitBronze(home, stack);
      return replace(home, true);
    }
  }

  /** Bronze must have what Silver has read; the bronze job goes on meanwhile. */
  private static void awaitBronze(FinksHome home, StackRecord stack) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_WITH_BRONZE.toNanos();
    try (Lake lake = Lake.open(home)) {
      while (!isBronzeAsFar(lake)) {
        RunningStack.requireLife(home, stack);
        if (System.nanoTime() > deadline) {
          throw CommandFailure.platform(
              "Bronze does not reach what Silver has within " + PATIENCE_WITH_BRONZE);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
  }

  private static boolean isBronzeAsFar(Lake lake) {
    Map<StreamPartition, Long> bronze = RecordedOffsets.of(lake.load(LakeTables.BRONZE_FILES));
    return RecordedOffsets.of(lake.load(LakeTables.ACCOUNTING)).entrySet().stream()
        .allMatch(entry -> bronze.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
  }

  private StreamExecutionEnvironment environment(FinksHome home) {
    return LocalFlink.environment(home.scratch(), parallel);
  }

  private RebuildConfig config(FinksHome home, boolean upToTables) {
    Map<String, String> keys = new HashMap<>(Lake.catalogSettings(home));
    keys.put("lake.root", Lake.root(home));
    keys.put("schemas.dir", schemasDir(home).toString());
    keys.put("keys.dir", home.keys().toString());
    keys.put("up-to-tables", Boolean.toString(upToTables));
    keys.put("parallelism", Integer.toString(parallel));
    if (entity != null) {
      keys.put("entities", entity);
    }
    if (!acceptGap.isEmpty()) {
      keys.put("accept-gap", String.join(",", acceptGap));
    }
    return RebuildConfig.of(keys);
  }

  private static Path schemasDir(FinksHome home) {
    return AppliedContracts.of(home)
        .current()
        .orElseGet(() -> CommonOptions.root().resolve("schemas"));
  }

  /** What the job itself said lies deep below what Flink says of it. */
  private static List<RebuildResult> explaining(Callable<List<RebuildResult>> work)
      throws Exception {
    try {
      return work.call();
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof JobStoppedException stopped) {
          throw stopped;
        }
      }
      throw e;
    }
  }

  private JsonNode buildGold(FinksHome home, RunTelling telling, String cause)
      throws InterruptedException, IOException {
    common.progress("Building Gold …");
    PythonLake.Outcome outcome =
        new GoldRun(home, Clock.systemUTC(), cause)
            .run(
                null,
                telling,
                build -> {
                  List<String> arguments = new ArrayList<>(build);
                  arguments.addAll(List.of("--json", "--quiet"));
                  return PythonLake.capture(arguments, common.quiet());
                });
    if (outcome.exitCode() > ExitCode.DATA.code()) {
      throw CommandFailure.platform(
          "Silver is rebuilt, but Gold could not be built (exit code "
              + outcome.exitCode()
              + "); try again: ./finks gold build"
              + RunningStack.homeOption(home));
    }
    return CommonOptions.JSON.readTree(outcome.output());
  }
}
