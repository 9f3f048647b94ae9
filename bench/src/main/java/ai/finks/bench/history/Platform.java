package ai.finks.bench.history;

import ai.finks.bench.host.ChildFailedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A live stack in a home of its own, driven as a user does: by {@code ./finks}. */
final class Platform implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long POLL_MILLIS = 100;

  private final Path root;
  private final Path home;
  private final Path logs;
  private final long[] pids;

  private Platform(Path root, Path folder) throws IOException, InterruptedException {
    this.root = root;
    this.home = folder.resolve("home");
    this.logs = Files.createDirectories(folder.resolve("commands"));
    JsonNode up = run("up").document();
    this.pids =
        stream(up.path("components"))
            .mapToLong(component -> component.path("pid").asLong())
            .filter(pid -> pid > 0)
            .distinct()
            .toArray();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    List<JsonNode> nodes = new ArrayList<>();
    array.forEach(nodes::add);
    return nodes.stream();
  }

  /** Starts a stack with an empty home below that folder. */
  static Platform start(Path root, Path folder) throws IOException, InterruptedException {
    return new Platform(root, folder);
  }

  /**
   * What a command said and what it took.
   *
   * @param seconds from its start to its end
   * @param peakResidentBytes of its largest process while it ran; 0 if it ended at once
   */
  record Outcome(JsonNode document, double seconds, long peakResidentBytes) {}

  /**
   * Runs one command.
   *
   * @throws ChildFailedException if its exit code is not 0; its messages are in the exception
   */
  Outcome run(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(root.resolve("finks").toString()));
    line.addAll(List.of(command));
    line.addAll(List.of("--json", "--quiet", "--home", home.toString()));
    Path out = Files.createTempFile(logs, command[0] + "-", ".json");
    Path err = Files.createTempFile(logs, command[0] + "-", ".log");
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(line)
            .directory(root.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    long peak = 0;
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, ResidentMemory.largestOf(process.toHandle()));
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    if (process.exitValue() != 0) {
      throw new ChildFailedException(
          "./finks "
              + String.join(" ", command)
              + " ended with "
              + process.exitValue()
              + ": "
              + Files.readString(err)
              + Files.readString(out));
    }
    return new Outcome(JSON.readTree(out.toFile()), seconds, peak);
  }

  Path home() {
    return home;
  }

  /** Starts a command that reads what is written to it. */
  Process launch(String... command) throws IOException {
    List<String> line = new ArrayList<>(List.of(root.resolve("finks").toString()));
    line.addAll(List.of(command));
    line.addAll(List.of("--quiet", "--home", home.toString()));
    return new ProcessBuilder(line)
        .directory(root.toFile())
        .redirectErrorStream(true)
        .redirectOutput(Files.createTempFile(logs, command[0] + "-", ".log").toFile())
        .start();
  }

  /** The most resident memory of each of the stack's processes, added up; 0 if unknown. */
  long stackPeakResidentBytes() {
    return LongStream.of(pids).map(pid -> Math.max(0, ResidentMemory.peakOf(pid))).sum();
  }

  /** Takes the stack down and removes its home. */
  @Override
  public void close() throws IOException {
    try {
      run("down");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
