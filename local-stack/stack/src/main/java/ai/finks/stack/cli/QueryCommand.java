package ai.finks.stack.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** SQL on the lake's tables at their current snapshots. */
@Command(
    name = "query",
    description = "SQL on silver.*, quarantine.*, accounting.* and gold.*.",
    footer = {
      "",
      "silver.<entity> holds the newest version of each row, silver.<entity>_versions all of them."
    })
final class QueryCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "SQL", description = "One statement.")
  private String sql = "";

  @Option(
      names = "--as-of",
      paramLabel = "INSTANT",
      description = "What was received and landed by then, e.g. 2026-01-05T17:00:00Z.")
  private @Nullable String asOf;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: table).")
  private @Nullable Format format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write there instead of to stdout.")
  private @Nullable String output;

  @Option(names = "--reveal", description = "Show quarantined payloads; recorded in the home.")
  private boolean reveal;

  @Option(
      names = "--held",
      paramLabel = "RUN",
      description = "Ask the build of a Gold run whose tests failed, to see the failing rows.")
  private @Nullable String held;

  /** How rows are written. */
  enum Format {
    table,
    csv,
    json,
    parquet
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("query"));
    if (asOf != null) {
      arguments.addAll(List.of("--as-of", asOf));
    }
    Format wanted = format != null ? format : common.json() ? Format.json : Format.table;
    arguments.addAll(List.of("--format", wanted.name()));
    if (output != null) {
      arguments.addAll(List.of("--output", output));
    }
    if (held != null) {
      arguments.addAll(List.of("--held", held));
    }
    if (reveal) {
      arguments.add("--reveal");
    }
    if (common.quiet()) {
      arguments.add("--quiet");
    }
    // The statement comes last and behind a separator: it may begin with a comment, that is "--".
    arguments.addAll(List.of("--home", common.home().toString(), "--", sql));
    return PythonLake.run(arguments);
  }
}
