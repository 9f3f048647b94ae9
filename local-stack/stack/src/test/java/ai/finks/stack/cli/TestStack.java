package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.stack.Checkout;
import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A home and the stack on it, driven through the command line. */
final class TestStack implements AutoCloseable {
  /** How long a busy machine may take for one step. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Tests wait for commits many times. */
  private static final String COMMITS = "500ms";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;

  private TestStack(Path home) {
    this.home = home;
  }

  /** Starts a stack on {@code home}; skips the test where a part of it was never fetched. */
  static TestStack up(Path home, String... options) {
    Path registry = Checkout.root().resolve(".finks/registry");
    assumeTrue(
        Files.isDirectory(registry),
        "SKIPPED: no schema registry in " + registry + "; ./finks fetches it");
    TestStack stack = new TestStack(home);
    List<String> up = new ArrayList<>(List.of("up"));
    up.addAll(List.of(options));
    stack.done(up.toArray(new String[0]));
    return stack;
  }

  Path home() {
    return home;
  }

  CommandRun run(String... command) {
    return CommandRun.of(arguments(command));
  }

  /** Runs a command that must end with code 0. */
  CommandRun done(String... command) {
    CommandRun run = run(command);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  /** The document of a command that must end with code 0. */
  JsonNode json(String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of(command));
    all.add("--json");
    return JSON.readTree(done(all.toArray(new String[0])).out());
  }

  /** The document of {@code status}, whatever its code. */
  JsonNode status() {
    try {
      return JSON.readTree(run("status", "--json").out());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What {@code status} says of a run; a missing node when it does not know it. */
  JsonNode statusOf(String runId) {
    for (JsonNode run : status().path("runs")) {
      if (run.path("run_id").asText().equals(runId)) {
        return run;
      }
    }
    return JSON.missingNode();
  }

  /** Runs a command beside the test. */
  CompletableFuture<CommandRun> start(String... command) {
    return CompletableFuture.supplyAsync(() -> run(command));
  }

  /** Starts a command as a process of its own, which can be killed. */
  Process launch(String... command) throws IOException {
    return launch(Map.of(), command);
  }

  /** The same with more environment variables. */
  Process launch(Map<String, String> environment, String... command) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Finks.class.getName()));
    all.addAll(List.of(arguments(command)));
    ProcessBuilder process =
        new ProcessBuilder(all)
            .directory(Checkout.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile());
    process.environment().putAll(environment);
    return process.start();
  }

  /** Whether a process ends, which it is waited for. */
  static boolean ends(Process process) throws InterruptedException {
    return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** What the command launched last has printed. */
  String launchedOutput() throws IOException {
    return Files.readString(output());
  }

  private Path output() {
    return home.resolveSibling(home.getFileName() + ".out");
  }

  private String[] arguments(String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    if (command[0].equals("up")) {
      arguments.addAll(List.of("--checkpoint-interval", COMMITS));
    }
    arguments.add("--home");
    arguments.add(home.toString());
    return arguments.toArray(new String[0]);
  }

  /** SIGKILL. */
  void kill() throws IOException {
    ProcessHandle stack =
        ProcessHandle.of(StackProcess.findLiving(FinksHome.at(home)).orElseThrow().process().pid())
            .orElseThrow();
    stack.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !stack.isAlive());
  }

  /** Tells the FMP simulator how to misbehave from now on. */
  void faults(String json) throws Exception {
    ask("PUT", url("fmp") + "/simulator/faults", json);
  }

  JsonNode simulatorStatistics() throws Exception {
    return ask("GET", url("fmp") + "/simulator/statistics", "");
  }

  /** Ends a job for good. */
  void cancelJob(String name) throws Exception {
    for (JsonNode job : status().path("jobs")) {
      if (job.path("name").asText().equals(name)) {
        String url = url("flink") + "/jobs/" + job.path("id").asText();
        ask("PATCH", url + "?mode=cancel", "");
        await()
            .atMost(PATIENCE)
            .until(() -> ask("GET", url, "").path("state").asText().equals("CANCELED"));
        return;
      }
    }
    throw new AssertionError("no job " + name);
  }

  String url(String component) {
    for (JsonNode node : status().path("components")) {
      if (node.path("name").asText().equals(component)) {
        return node.path("url").asText();
      }
    }
    throw new AssertionError("no component " + component);
  }

  private static JsonNode ask(String method, String url, String body) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(url).isBetween(200, 202);
    return JSON.readTree(response.body());
  }

  /** The table hash of Silver's bars. */
  String barsHash() throws IOException {
    return bars().path("hash").asText();
  }

  /** What {@code tables} says of Silver's bars. */
  JsonNode bars() throws IOException {
    for (JsonNode table : json("tables", "--hash").path("tables")) {
      if (table.path("name").asText().equals("silver.bars_versions")) {
        return table;
      }
    }
    throw new AssertionError("no table silver.bars_versions");
  }

  /** Waits for the tables and gives the counts of bars, which must balance. */
  JsonNode barsAfterWait() throws IOException {
    JsonNode counts = json("wait");
    assertThat(counts.path("balanced").asBoolean()).isTrue();
    return counts.path("entities").path("bars");
  }

  @Override
  public void close() throws Exception {
    StackProcess.stop(FinksHome.at(home));
  }
}
