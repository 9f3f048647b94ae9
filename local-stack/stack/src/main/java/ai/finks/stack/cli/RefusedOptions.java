package ai.finks.stack.cli;

import ai.finks.flink.silver.core.RefusalReason;
import ai.finks.flink.silver.redrive.RefusedFilter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which refused records are meant, as the quarantine commands take it. */
final class RefusedOptions {
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

  @Option(names = "--until", paramLabel = "INSTANT", description = "Only ingested before then.")
  private @Nullable String until;

  /** The conditions of a query on quarantine tables. */
  List<String> conditions() {
    List<String> conditions = new ArrayList<>();
    if (source != null) {
      conditions.add("_source = " + Sql.text(source));
    }
    if (run != null) {
      conditions.add("_run_id = " + Sql.text(run));
    }
    if (reason != null) {
      conditions.add(
          "list_contains(list_transform(reasons, r -> r.code), "
              + Sql.text(code(reason).name())
              + ")");
    }
    if (since != null) {
      conditions.add("_ingest_time >= timestamptz " + instantText("--since", since));
    }
    if (until != null) {
      conditions.add("_ingest_time < timestamptz " + instantText("--until", until));
    }
    return conditions;
  }

  /** The same for the one who sends them again. */
  RefusedFilter filter() {
    RefusedFilter filter = RefusedFilter.all();
    if (source != null) {
      filter = filter.source(source);
    }
    if (run != null) {
      filter = filter.run(run);
    }
    if (reason != null) {
      filter = filter.reason(code(reason));
    }
    if (since != null) {
      filter = filter.since(instant("--since", since));
    }
    if (until != null) {
      filter = filter.until(instant("--until", until));
    }
    return filter;
  }

  private static String instantText(String option, String text) {
    return Sql.text(instant(option, text).toString());
  }

  private static RefusalReason code(String text) {
    String code = text.toUpperCase(Locale.ROOT);
    return Arrays.stream(RefusalReason.values())
        .filter(known -> known.name().equals(code))
        .findFirst()
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "There is no reason "
                        + text
                        + "; there are: "
                        + Arrays.toString(RefusalReason.values())));
  }

  private static Instant instant(String option, String text) {
    try {
      return text.length() == "2026-01-05".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw CommandFailure.usage(
          option + " '" + text + "' is no instant; write 2026-01-05 or 2026-01-05T17:00:00Z");
    }
  }
}
