package ai.finks.stack.cli;

import ai.finks.adapters.journal.RunId;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.silver.redrive.Redrive;
import ai.finks.flink.silver.redrive.RedriveOrder;
import ai.finks.flink.silver.redrive.RedrivePlatform;
import ai.finks.flink.silver.redrive.RedriveResult;
import ai.finks.flink.silver.redrive.RedriveState;
import ai.finks.flink.silver.redrive.RefusedFilter;
import ai.finks.schemas.wire.WireFormats;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends refused records through Silver again, after what refused them was mended. */
@Command(
    name = "redrive",
    description = "Send refused records through Silver again, those that pass the checks now.",
    footer = {
      "",
      "Each record goes to the partition that it came from, as it was; the version rule decides",
      "about it. What became of it stands in accounting.redrives. A call that was interrupted is",
      "finished by the next one; what was settled once is never sent again.",
      "Exit code 1 when a record is refused still, or was refused again."
    })
final class QuarantineRedriveCommand implements Callable<Integer> {
  private static final int SHOWN = 200;
  private static final List<RedriveState> REFUSALS =
      List.of(
          RedriveState.LANDED_IN_PART,
          RedriveState.STILL_REFUSED,
          RedriveState.REFUSED_AGAIN,
          RedriveState.UNDECODABLE,
          RedriveState.NOT_SENT);

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final RefusedOptions which = new RefusedOptions();

  @Parameters(paramLabel = "ENTITY", description = "Whose refused records.")
  private String entity = "";

  @Option(
      names = "--at",
      paramLabel = "COORDINATE",
      description = "Only that record, as quarantine list prints it.")
  private @Nullable String coordinate;

  @Option(names = "--dry-run", description = "Only say what would be sent and what would not.")
  private boolean dryRun;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Give up waiting for the commits after that long (default: 10m).")
  private Duration timeout = Duration.ofMinutes(10);

  @Override
  public Integer call() throws IOException, InterruptedException {
    FinksHome home = common.home();
    RefusedQuery.requireEntity(home, entity);
    RefusedFilter filter = filter();
    StackRecord stack = RunningStack.of(home);
    String id = RunId.create("redrive", Instant.now(), ThreadLocalRandom.current().nextInt());
    try (LakeLock ignored = LakeLock.take(home, "redrive");
        Lake lake = Lake.open(home);
        Redrive redrive = open(home, stack, lake, id)) {
      common.progress("redrive " + id);
      return print(
          id,
          dryRun
              ? redrive.preview(filter)
              : redrive.run(filter, () -> RunningStack.requireLife(home, stack)));
    } catch (TimeoutException e) {
      throw CommandFailure.platform(
          e.getMessage() + "; the same command again waits for the rest and sends nothing twice",
          e);
    }
  }

  private Redrive open(FinksHome home, StackRecord stack, Lake lake, String id) {
    EntitySchemas schemas = EntitySchemas.of(Bindings.catalog(home), entity);
    SilverPlan plan = schemas.compile(KeyDirectory.load(home.keys()));
    Properties kafka = new Properties();
    kafka.setProperty("bootstrap.servers", stack.url("kafka").orElse(""));
    return new Redrive(
        new RedrivePlatform(
            lake.catalog(),
            kafka,
            WireFormats.open(URI.create(stack.url("registry").orElse(""))),
            schemas.sourceOfTopic().keySet()),
        plan,
        new RedriveOrder(entity, id, System.getProperty("user.name"), version(), timeout),
        Clock.systemUTC());
  }

  private static String version() {
    String version = Redrive.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  private RefusedFilter filter() {
    RefusedFilter filter = which.filter();
    if (coordinate == null) {
      return filter;
    }
    String[] parts = coordinate.split(":", -1);
    if (!coordinate.matches("[^:]+:\\d{1,9}:\\d{1,18}(:-?\\d+)?")) {
      throw CommandFailure.usage(
          "'" + coordinate + "' is no coordinate; quarantine list prints them");
    }
    return filter.at(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }

  private int print(String id, List<RedriveResult> results) {
    Map<RedriveState, Long> counts =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    RedriveResult::state,
                    () -> new EnumMap<>(RedriveState.class),
                    Collectors.counting()));
    ArrayNode records = CommonOptions.JSON.createArrayNode();
    results.forEach(
        result ->
            records
                .addObject()
                .put("refused", result.refused().toString())
                .put("state", result.state().label())
                .set("reasons", CommonOptions.JSON.valueToTree(result.reasons())));
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("redrive_id", id).put("dry_run", dryRun);
      ObjectNode states = document.putObject("counts");
      for (RedriveState state : RedriveState.values()) {
        states.put(state.label(), counts.getOrDefault(state, 0L));
      }
      document.set("records", records);
      common.print(document);
    } else {
      ArrayNode shown = CommonOptions.JSON.createArrayNode();
      records.forEach(
          record -> {
            if (shown.size() < SHOWN) {
              shown.add(record);
            }
          });
      TextTable.lines(shown).forEach(common::print);
      if (shown.size() < records.size()) {
        common.print(String.format("… and %,d more, which --json shows", records.size() - SHOWN));
      }
      common.print(summary(counts, results.size()));
    }
    return (REFUSALS.stream().anyMatch(counts::containsKey) ? ExitCode.DATA : ExitCode.DONE).code();
  }

  private static String summary(Map<RedriveState, Long> counts, int all) {
    if (all == 0) {
      return "No refused record matches.";
    }
    if (counts.getOrDefault(RedriveState.EARLIER, 0L) == all) {
      return String.format(
          "Nothing to do: all %,d records were redriven earlier. Nothing was sent.", all);
    }
    return counts.entrySet().stream()
        .map(entry -> String.format("%,d %s", entry.getValue(), entry.getKey().label()))
        .collect(Collectors.joining(", "));
  }
}
