package ai.finks.stack.cli;

import ai.finks.adapters.journal.RunJournal;
import ai.finks.adapters.journal.RunSummary;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.EntityCounts;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeDrift;
import ai.finks.stack.lake.LakeProgress;
import ai.finks.stack.lake.StreamEnds;
import ai.finks.stack.status.FlinkJobs;
import ai.finks.stack.status.JobState;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what runs on a home, how far it is, and what was left unfinished. */
@Command(
    name = "status",
    description = "Show components, jobs, runs, and how far each entity is.",
    footer = {"", "Exit code 3 when the stack crashed or a job is dead."})
final class StatusCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    FinksHome home = common.home();
    Optional<StackRecord> recorded = StackRecord.read(home);
    boolean living = StackProcess.findLiving(home).isPresent();
    String state = state(recorded, living);
    List<JobState> jobs = living ? FlinkJobs.of(recorded.orElseThrow()) : List.of();
    List<RunSummary> runs = RunJournal.list(home.folder());
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    document.put("home", home.toString()).put("state", state);
    document.set(
        "components",
        living
            ? ComponentsView.json(recorded.orElseThrow())
            : CommonOptions.JSON.createArrayNode());
    document.set("jobs", jobs(jobs));
    document.set("runs", runs(home, runs));
    document.set("entities", entities(home, recorded.filter(record -> living)));
    document.set("contracts", contracts(home));
    document.set("drift", drift(home));
    if (common.json()) {
      common.print(document);
    } else {
      StatusView.print(common, document);
    }
    boolean sound = !state.equals("crashed") && jobs.stream().noneMatch(JobState::isDead);
    return (sound ? ExitCode.DONE : ExitCode.PLATFORM).code();
  }

  private static String state(Optional<StackRecord> record, boolean living) {
    if (record.isEmpty()) {
      return "never started";
    }
    StackRecord.State recorded = record.get().state();
    if (living || recorded == StackRecord.State.DOWN || recorded == StackRecord.State.FAILED) {
      return recorded.name().toLowerCase(Locale.ROOT);
    }
    return "crashed";
  }

  private static ArrayNode jobs(List<JobState> jobs) {
    ArrayNode array = CommonOptions.JSON.createArrayNode();
    for (JobState job : jobs) {
      array
          .addObject()
          .put("name", job.name())
          .put("id", job.id())
          .put("state", job.state().toLowerCase(Locale.ROOT))
          .put("failure", job.failure());
    }
    return array;
  }

  private static ArrayNode runs(FinksHome home, List<RunSummary> runs) {
    ArrayNode array = CommonOptions.JSON.createArrayNode();
    for (RunSummary run : runs) {
      ObjectNode node =
          array
              .addObject()
              .put("run_id", run.runId())
              .put("adapter", run.adapter())
              .put("state", run.state().name().toLowerCase(Locale.ROOT))
              .put("started", run.started().toString())
              .put("sent", run.sent())
              .put("units_done", run.unitsDone())
              .put("units", run.units());
      if (run.state() == RunSummary.State.UNREADABLE) {
        node.put("journal", RunJournal.file(home.folder(), run.runId()).toString());
      }
      if (run.state() == RunSummary.State.UNFINISHED) {
        node.put("resume", RunResume.command(home, run));
      }
    }
    return array;
  }

  private static ObjectNode entities(FinksHome home, Optional<StackRecord> stack)
      throws IOException, InterruptedException {
    ObjectNode entities = CommonOptions.JSON.createObjectNode();
    if (!Lake.existsIn(home)) {
      return entities;
    }
    try (Lake lake = Lake.open(home)) {
      LakeProgress progress = new LakeProgress(lake);
      SortedMap<String, Long> behind = behind(stack, progress);
      for (Map.Entry<String, EntityCounts> entry : progress.counts().entrySet()) {
        String entity = entry.getKey();
        ObjectNode node = entry.getValue().json();
        node.put("balanced", entry.getValue().balanced());
        progress
            .lastCommitMillis(LakeTables.silver(entity))
            .ifPresent(millis -> node.put("last_commit", Instant.ofEpochMilli(millis).toString()));
        if (stack.isPresent()) {
          node.put("behind", behind.getOrDefault(LakeTables.silver(entity).toString(), 0L));
        }
        entities.set(entity, node);
      }
    }
    return entities;
  }

  private static ObjectNode contracts(FinksHome home) throws IOException {
    ObjectNode node = CommonOptions.JSON.createObjectNode();
    AppliedContracts applied = AppliedContracts.of(home);
    if (applied.version().isPresent()) {
      Path folder = ContractsCommand.Folder.of(null, home);
      node.put("changes_applied", Integer.parseInt(applied.version().get()));
      node.put("folder", folder.toString());
      node.put("folder_differs", applied.differFrom(folder));
    }
    return node;
  }

  private static ArrayNode drift(FinksHome home) throws IOException {
    ArrayNode array = CommonOptions.JSON.createArrayNode();
    if (Lake.existsIn(home)) {
      try (Lake lake = Lake.open(home)) {
        for (LakeDrift.FieldDrift drift : LakeDrift.of(lake, Bindings.catalog(home))) {
          array
              .addObject()
              .put("entity", drift.entity())
              .put("source", drift.source())
              .put("field", drift.field())
              .put("kind", drift.kind())
              .put("records", drift.records())
              .put("policy", drift.policy());
        }
      }
    }
    return array;
  }

  private static SortedMap<String, Long> behind(Optional<StackRecord> stack, LakeProgress progress)
      throws InterruptedException {
    if (stack.isEmpty()) {
      return new TreeMap<>();
    }
    try {
      SortedMap<StreamPartition, Long> ends = StreamEnds.of(stack.get().url("kafka").orElse(""));
      return progress.behind(ends);
    } catch (StreamEnds.StreamUnavailableException e) {
      throw CommandFailure.platform("" + e.getMessage(), e);
    }
  }
}
