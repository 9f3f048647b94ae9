package ai.finks.stack.cli;

import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command takes, and where it writes: results to stdout, progress to stderr. */
final class CommonOptions {
  /** The mapper for every document on stdout: decimals as text, counts as numbers. */
  static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Option(names = "--home", paramLabel = "DIR", description = "State (default: .finks/home).")
  private @Nullable Path homeFolder;

  @Option(names = "--json", description = "One JSON document on stdout.")
  private boolean json;

  @Option(names = "--quiet", description = "No progress on stderr.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** The checkout: given by the launcher, or found upwards from the working folder. */
  static Path root() {
    String given = System.getenv("FINKS_ROOT");
    if (given != null && !given.isBlank()) {
      return Path.of(given).toAbsolutePath().normalize();
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("finks")) && Files.isDirectory(at.resolve("schemas"))) {
        return at;
      }
    }
    throw CommandFailure.usage(
        "No checkout found from " + Path.of("").toAbsolutePath() + "; run ./finks in the checkout");
  }

  FinksHome home() {
    return FinksHome.at(homeGiven() ? homeFolderOrThrow() : root().resolve(".finks/home"));
  }

  boolean homeGiven() {
    return homeFolder != null;
  }

  private Path homeFolderOrThrow() {
    if (homeFolder == null) {
      throw new IllegalStateException("--home was not given");
    }
    return homeFolder;
  }

  boolean json() {
    return json;
  }

  boolean quiet() {
    return quiet;
  }

  PrintWriter out() {
    return spec().commandLine().getOut();
  }

  PrintWriter err() {
    return spec().commandLine().getErr();
  }

  /** A line for the person who waits. */
  void progress(String line) {
    if (!quiet) {
      err().println(line);
      err().flush();
    }
  }

  /** A line that must be seen even with {@code --quiet}. */
  void warn(String line) {
    err().println(line);
    err().flush();
  }

  /** A line of the result. */
  void print(String line) {
    out().println(line);
    out().flush();
  }

  /** The one document of {@code --json}. */
  void print(JsonNode document) {
    try {
      print(JSON.writeValueAsString(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CommandSpec spec() {
    if (command == null) {
      throw new IllegalStateException("used before picocli filled it in");
    }
    return command;
  }
}
