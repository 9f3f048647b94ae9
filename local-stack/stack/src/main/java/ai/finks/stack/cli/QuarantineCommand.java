package ai.finks.stack.cli;

import ai.finks.flink.silver.core.RefusalReason;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Records that a contract refused. */
@Command(
    name = "quarantine",
    description = "Look at refused records.",
    synopsisSubcommandLabel = "(list | show)",
    subcommands = {QuarantineCommand.ListAll.class, QuarantineCommand.Show.class})
final class QuarantineCommand implements Runnable {
  private static final String COORDINATE =
      "_topic || ':' || _partition || ':' || _offset || ':' || _element";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about quarantine? (quarantine list or show)");
  }

  /** Lists refused records, the newest first. */
  @Command(
      name = "list",
      description = "List refused records, the newest first, with reason and coordinate.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Option(names = "--entity", paramLabel = "ENTITY", description = "Only of that entity.")
    private @Nullable String entity;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only from that source.")
    private @Nullable String source;

    @Option(names = "--reason", paramLabel = "CODE", description = "Only with that reason.")
    private @Nullable String reason;

    @Option(names = "--run", paramLabel = "RUN_ID", description = "Only of that run.")
    private @Nullable String run;

    @Option(
        names = "--since",
        paramLabel = "INSTANT",
        description = "Only ingested since then: 2026-01-05 or 2026-01-05T17:00:00Z.")
    private @Nullable String since;

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "At most N records (default: ${DEFAULT-VALUE}).")
    private int limit = 50;

    @Option(
        names = "--reveal",
        description = "Show the payloads too; who looked is recorded in the home.")
    private boolean reveal;

    @Override
    public Integer call() throws InterruptedException {
      if (limit < 1) {
        throw CommandFailure.usage("--limit must be 1 or more, was " + limit);
      }
      List<String> conditions = new ArrayList<>();
      addEqual(conditions, "_source", source);
      addEqual(conditions, "_run_id", run);
      if (reason != null) {
        conditions.add(
            "list_contains(list_transform(reasons, r -> r.code), " + text(code(reason)) + ")");
      }
      if (since != null) {
        conditions.add("_ingest_time >= timestamptz " + text(instant(since).toString()));
      }
      String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
      String sql =
          "select entity, _source as source, reason, list_filter(list_transform(reasons, r ->"
              + " coalesce(r.field, r.check)), what -> what is not null) as what, "
              + COORDINATE
              + " as coordinate, key, _run_id as run_id, _ingest_time as ingest_time"
              + (reveal ? ", payload" : "")
              + " from ("
              + tables(entity)
              + ")"
              + where
              + " order by _ingest_time desc, _topic, _partition, _offset desc limit "
              + limit;
      return QuarantineCommand.query(common, sql, reveal);
    }
  }

  /** Shows one refused record. */
  @Command(name = "show", description = "Show one refused record with all its reasons.")
  static final class Show implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(
        paramLabel = "COORDINATE",
        description = "As list prints it: TOPIC:PARTITION:OFFSET:ELEMENT.")
    private String coordinate = "";

    @Option(
        names = "--reveal",
        description = "Show the payload too; who looked is recorded in the home.")
    private boolean reveal;

    @Override
    public Integer call() throws InterruptedException {
      if (!coordinate.matches("[^:]+:\\d+:\\d+:-?\\d+")) {
        throw CommandFailure.usage(
            "'" + coordinate + "' is no coordinate; quarantine list prints them");
      }
      String sql =
          "select * from (" + tables(null) + ") where " + COORDINATE + " = " + text(coordinate);
      return QuarantineCommand.query(common, sql, reveal);
    }
  }

  private static int query(CommonOptions common, String sql, boolean reveal)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("query"));
    arguments.addAll(List.of("--format", common.json() ? "json" : "table"));
    if (reveal) {
      arguments.add("--reveal");
    }
    if (common.quiet()) {
      arguments.add("--quiet");
    }
    arguments.addAll(List.of("--home", common.home().toString(), "--", sql));
    return PythonLake.run(arguments);
  }

  private static String tables(@Nullable String entity) {
    List<String> entities =
        SchemaCatalog.load(CommonOptions.root().resolve("schemas")).contracts().stream()
            .map(Contract::entity)
            .toList();
    if (entity != null && !entities.contains(entity)) {
      throw CommandFailure.usage("There is no entity " + entity + "; there are: " + entities);
    }
    return (entity == null ? entities : List.of(entity))
        .stream()
            .map(name -> "select " + text(name) + " as entity, * from quarantine." + name)
            .collect(Collectors.joining(" union all by name "));
  }

  private static void addEqual(List<String> conditions, String column, @Nullable String value) {
    if (value != null) {
      conditions.add(column + " = " + text(value));
    }
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  private static String code(String text) {
    String code = text.toUpperCase(Locale.ROOT);
    List<String> known = Arrays.stream(RefusalReason.values()).map(Enum::name).toList();
    if (!known.contains(code)) {
      throw CommandFailure.usage("There is no reason " + text + "; there are: " + known);
    }
    return code;
  }

  private static Instant instant(String text) {
    try {
      return text.length() == "2026-01-05".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw CommandFailure.usage(
          "--since '" + text + "' is no instant; write 2026-01-05 or 2026-01-05T17:00:00Z");
    }
  }
}
