package ai.finks.stack.cli;

import ai.finks.adapters.journal.RunId;
import ai.finks.flink.history.HistoryGapException;
import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.ContractChoice;
import ai.finks.flink.replay.core.PeriodMode;
import ai.finks.flink.replay.core.ReplayOrder;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayPlanException;
import ai.finks.flink.replay.io.ReplayTables;
import ai.finks.flink.replay.io.TouchedFiles;
import ai.finks.flink.seal.SealedPeriods;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a part of the past through Silver again and publishes it safely. */
@Command(
    name = "replay",
    description = "Run a part of the past through Silver again and publish what differs.",
    footer = {
      "",
      "Nothing is published before it was held against what is there. Sealed periods are replaced",
      "in one commit; into open ones the missing records are sent again through the live job.",
      "What an audit objects to stays in staging.<id>_versions: look at it with query, then give",
      "--resume ID --accept or --discard ID. A replay that was interrupted goes on with --resume.",
      "Exit code 1 when an audit objects, or when nobody has the records any more."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int MOST_PARALLEL = 64;

  /** Where records are read from. */
  enum Origin {
    stream,
    bronze
  }

  /** By which contract. */
  enum By {
    live,
    current
  }

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ReplayRangeOptions range = new ReplayRangeOptions();

  @Parameters(paramLabel = "ENTITY", description = "What is replayed, e.g. bars.")
  private String entity = "";

  @Option(names = "--source", description = "Only the records of that source.")
  private @Nullable String source;

  @Option(
      names = "--origin",
      description = "Read from there: ${COMPLETION-CANDIDATES} (default: whichever has all).")
  private @Nullable Origin origin;

  @Option(
      names = "--contract",
      description =
          "The contract that the stack runs with, or the one that contracts apply would take in:"
              + " ${COMPLETION-CANDIDATES} (default: live).")
  private By contract = By.live;

  @Option(names = "--resume", paramLabel = "ID", description = "Go on with that replay.")
  private @Nullable String resume;

  @Option(names = "--discard", paramLabel = "ID", description = "Throw away what is staged of it.")
  private @Nullable String discard;

  @Option(names = "--dry-run", description = "Only say what would be read, and which periods.")
  private boolean dryRun;

  @Option(
      names = "--accept",
      description = "Publish even if more than 5 %% of a period's rows go or change.")
  private boolean accept;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Stream partitions at a time (default: ${DEFAULT-VALUE}).")
  private int parallel = 1;

  @Override
  public Integer call() throws Exception {
    if (parallel < 1 || parallel > MOST_PARALLEL) {
      throw CommandFailure.usage("--parallel must be 1 to " + MOST_PARALLEL + ", was " + parallel);
    }
    requireOptionsThatGoTogether();
    FinksHome home = common.home();
    RefusedQuery.requireEntity(home, entity);
    if (discard != null) {
      return discard(home, discard);
    }
    StackRecord stack = RunningStack.of(home);
    ReplayPlan resumed = resume == null ? null : staged(home, resume);
    String by = resumed == null ? contract.name() : resumed.contract().label();
    EntitySchemas schemas = EntitySchemas.of(contracts(home, by), entity);
    try (ReplayRun run = new ReplayRun(home, stack, schemas, common::progress)) {
      requireSameContract(resumed, run.choice(by));
      ReplayPlan plan = resumed == null ? plan(home, run, schemas) : resumed;
      return dryRun ? show(run, plan) : run(run, plan);
    } catch (ReplayPlanException | HistoryGapException e) {
      throw CommandFailure.data("" + e.getMessage());
    }
  }

  private void requireOptionsThatGoTogether() {
    if (resume != null && discard != null) {
      throw CommandFailure.usage("Give --resume or --discard, not both");
    }
    if (resume == null && discard == null) {
      return;
    }
    if (range.isGiven() || source != null || origin != null || contract != By.live) {
      throw CommandFailure.usage(
          "A replay that has begun keeps its range, source, origin and contract; leave them out");
    }
    if (discard != null && (dryRun || accept)) {
      throw CommandFailure.usage("--discard goes with neither --dry-run nor --accept");
    }
  }

  /** What is staged and what is to come must be of the same contract, bindings and code. */
  private static void requireSameContract(@Nullable ReplayPlan resumed, ContractChoice now) {
    if (resumed != null && !resumed.contract().applied().equals(now.applied())) {
      throw CommandFailure.usage(
          String.format(
              "Replay %s has staged rows by version %d of the contract, and contract, bindings or"
                  + " code are not the same any more; --discard %s and begin anew",
              resumed.id(), resumed.contract().version(), resumed.id()));
    }
  }

  private static SchemaCatalog contracts(FinksHome home, String by) {
    return by.equals(ContractChoice.LIVE)
        ? Bindings.catalog(home)
        : SchemaCatalog.load(ContractsCommand.Folder.of(null, home));
  }

  private ReplayPlan plan(FinksHome home, ReplayRun run, EntitySchemas schemas) {
    Set<String> topics = topics(home, schemas);
    var offsets = range.offsets();
    if (!topics.containsAll(offsets.keySet())) {
      throw CommandFailure.usage(entity + " is fed by " + topics + ", not by " + offsets.keySet());
    }
    return run.plan(
        new ReplayOrder(
                newId(entity),
                entity,
                range.range(run.contract().zone()),
                run.choice(contract.name()),
                topics)
            .from(origin == null ? null : origin.name())
            .of(offsets));
  }

  /**
   * {@code replay-bars-20260105-143000-1a2b3c}: also the name of the tag that holds its snapshot.
   */
  static String newId(String entity) {
    String run = RunId.create("x", Instant.now(), ThreadLocalRandom.current().nextInt());
    return "replay-" + entity + "-" + run.replace("-x-", "-");
  }

  private Set<String> topics(FinksHome home, EntitySchemas schemas) {
    if (source == null) {
      return new TreeSet<>(schemas.sourceOfTopic().keySet());
    }
    Binding binding = Bindings.binding(Bindings.catalog(home), source + "." + entity);
    return Set.of(binding.topic());
  }

  private int show(ReplayRun run, ReplayPlan plan) {
    Table silver = run.silver();
    SealedPeriods sealed = SealedPeriods.of(silver);
    List<ReplayView.Planned> periods = new ArrayList<>();
    new TouchedFiles(plan, run.contract())
        .rows(silver, silver.currentSnapshot().snapshotId())
        .forEach(
            (period, rows) ->
                periods.add(
                    new ReplayView.Planned(
                        period,
                        sealed.sealed().contains(period) ? PeriodMode.REPLACE : PeriodMode.FILL,
                        rows)));
    ObjectNode document = ReplayView.plan(plan, periods);
    if (common.json()) {
      common.print(document);
    } else {
      ReplayView.print(common, plan, document);
    }
    return ExitCode.DONE.code();
  }

  private int run(ReplayRun run, ReplayPlan plan) throws Exception {
    common.progress(
        String.format(
            "replay %s: %,d offsets from the %s", plan.id(), plan.records(), plan.origin()));
    ReplayResult result;
    try {
      result = run.run(plan, accept, parallel, null);
    } catch (Exception e) {
      common.warn(
          "What is staged stays; go on with: ./finks replay " + entity + " --resume " + plan.id());
      throw e;
    }
    ObjectNode document = ReplayView.result(result);
    if (common.json()) {
      common.print(document);
    } else {
      ReplayView.print(common, result, document);
    }
    result
        .objection()
        .ifPresent(
            objection ->
                common.warn(
                    String.format(
                        "Not published: %s.%nIt stays in %s; then: ./finks replay %s --resume %s"
                            + " --accept, or --discard %s",
                        objection,
                        new ReplayTables(run.lake().catalog(), plan.id())
                            .identifier(PipelineTable.SILVER),
                        entity,
                        plan.id(),
                        plan.id())));
    return (result.objection().isPresent() ? ExitCode.DATA : ExitCode.DONE).code();
  }

  private ReplayPlan staged(FinksHome home, String id) throws IOException {
    try (Lake lake = Lake.open(home)) {
      ReplayPlan plan =
          new ReplayTables(lake.catalog(), id)
              .plan()
              .orElseThrow(
                  () ->
                      CommandFailure.usage(
                          "No replay " + id + " lies staged; there are: " + ids(lake)));
      if (!plan.entity().equals(entity)) {
        throw CommandFailure.usage("Replay " + id + " is of " + plan.entity());
      }
      return plan;
    }
  }

  private static List<String> ids(Lake lake) {
    return ReplayTables.all(lake.catalog()).stream().map(ReplayPlan::id).toList();
  }

  private int discard(FinksHome home, String id) throws IOException {
    staged(home, id);
    try (Lake lake = Lake.open(home)) {
      ReplayRun.discard(home, lake, entity, id);
    }
    if (common.json()) {
      common.print(
          CommonOptions.JSON.createObjectNode().put("replay_id", id).put("state", "discarded"));
    } else {
      common.print("replay " + id + " is thrown away");
    }
    return ExitCode.DONE.code();
  }
}
