package ai.finks.bench;

import ai.finks.bench.feed.FeedSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every benchmark takes, and where it writes: results to stdout, progress to stderr. */
final class BenchOptions {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description =
          "Where the benchmark works; a folder of its own in it is made and removed"
              + " (default: .finks/bench). Wants 10 GB at full size.")
  private @Nullable Path home;

  @Option(names = "--json", description = "One JSON document on stdout.")
  private boolean json;

  @Option(names = "--quiet", description = "No progress on stderr.")
  private boolean quiet;

  @Option(names = "--keep", description = "Leave logs and tables.")
  private boolean keep;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of what is generated (default: ${DEFAULT-VALUE}).")
  private long seed = 20_260_105;

  @Option(
      names = "--heap",
      paramLabel = "MB",
      description = "Of each variant's process (default: ${DEFAULT-VALUE}).")
  private int heapMebibytes = 3_072;

  @Option(
      names = "--huge-pages",
      description = "Ask for transparent huge pages for the heap of each variant's process.")
  private boolean hugePages;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  boolean json() {
    return json;
  }

  FeedSpec feed(long records) {
    return FeedSpec.standard(seed, atLeast("--records", records, 1));
  }

  /** Where and how a session runs. */
  BenchSession.Settings settings(int partitions, Duration commitInterval) throws IOException {
    Path root = root();
    return new BenchSession.Settings(
        Files.createTempDirectory(workFolder(), "run-"),
        root.resolve("bench").resolve("schemas"),
        root.resolve(".finks").resolve("bench"),
        (int) atLeast("--heap", heapMebibytes, 256),
        partitions,
        Runtime.getRuntime().availableProcessors(),
        commitInterval,
        hugePages,
        keep);
  }

  /** Where folders of a run are made. */
  Path workFolder() throws IOException {
    Path base = home == null ? root().resolve(".finks").resolve("bench").resolve("work") : home;
    return Files.createDirectories(base.toAbsolutePath().normalize());
  }

  long seed() {
    return seed;
  }

  /** Refuses variants that a benchmark does not have. */
  void requireKnown(List<String> variants, Collection<String> known) {
    for (String variant : variants) {
      if (!known.contains(variant)) {
        throw new ParameterException(
            spec().commandLine(),
            "There is no variant '" + variant + "'; there are " + String.join(", ", known));
      }
    }
  }

  long atLeast(String option, long value, long least) {
    if (value < least) {
      throw new ParameterException(
          spec().commandLine(), option + " must be at least " + least + ", was " + value);
    }
    return value;
  }

  /** The checkout: given by the launcher, or found upwards from the working folder. */
  static Path root() {
    String given = System.getenv("FINKS_ROOT");
    if (given != null && !given.isBlank()) {
      return Path.of(given).toAbsolutePath().normalize();
    }
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("bench").resolve("schemas"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("No checkout here; run ./finks bench in the checkout");
    }
    return at;
  }

  void progress(String line) {
    if (!quiet) {
      spec().commandLine().getErr().println(line);
      spec().commandLine().getErr().flush();
    }
  }

  void print(String text) {
    PrintWriter out = spec().commandLine().getOut();
    out.println(text);
    out.flush();
  }

  private CommandSpec spec() {
    if (command == null) {
      throw new IllegalStateException("used before picocli filled it in");
    }
    return command;
  }
}
