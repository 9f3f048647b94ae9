package ai.finks.stack.flink;

import ai.finks.processes.ChildProcess;
import ai.finks.processes.OwnerFiles;
import ai.finks.processes.Program;
import ai.finks.stack.home.ProcessIdentity;
import ai.finks.stack.processes.KeptProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * A Flink cluster of two processes, a job manager and a task manager, on loopback. Jobs are
 * submitted as to any session cluster: the application jar lies where the job manager takes
 * uploads, and its {@code main} is run by the REST API.
 */
public final class FlinkProcesses implements JobCluster {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The task manager that died with a job manager may take some starts. */
  private static final Duration SLOTS_TIMEOUT = Duration.ofMinutes(3);

  private static final Duration SAVEPOINT_TIMEOUT = Duration.ofMinutes(3);
  private static final long POLL_MILLIS = 50;
  private static final String JOB_MANAGER = "jobmanager";
  private static final String TASK_MANAGER = "taskmanager";
  private static final String JAR = "finks-jobs.jar";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FlinkSettings settings;
  private final FlinkRest rest;
  private final KeptProcess jobManager;
  private final KeptProcess taskManager;

  private FlinkProcesses(
      FlinkSettings settings,
      BiConsumer<String, ProcessIdentity> whenStarted,
      Consumer<Throwable> whenGivenUp) {
    this.settings = settings;
    this.rest = new FlinkRest(URI.create("http://127.0.0.1:" + settings.restPort()));
    this.jobManager =
        new KeptProcess(
            "Flink's job manager",
            () -> ChildProcess.start(jobManagerProgram()),
            this::answers,
            process -> whenStarted.accept("flink", process),
            whenGivenUp);
    this.taskManager =
        new KeptProcess(
            "Flink's task manager",
            () -> ChildProcess.start(taskManagerProgram()),
            this::hasSlots,
            process -> whenStarted.accept(TASK_MANAGER, process),
            whenGivenUp);
  }

  /**
   * Starts both processes and waits until the cluster has its slots.
   *
   * @param whenStarted hears of each process by its component's name, also of later ones
   * @param whenGivenUp hears why one of them is not there any more
   */
  public static FlinkProcesses start(
      FlinkSettings settings,
      BiConsumer<String, ProcessIdentity> whenStarted,
      Consumer<Throwable> whenGivenUp)
      throws Exception {
    FlinkConfiguration.write(settings);
    FlinkProcesses cluster = new FlinkProcesses(settings, whenStarted, whenGivenUp);
    try {
      cluster.jobManager.start();
      cluster.taskManager.start();
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  /** Runs something when another job manager took a dead one's place: it knows of no job. */
  public void whenJobsAreLost(Runnable action) {
    jobManager.whenBack(
        () -> {
          awaitSlots();
          action.run();
        });
  }

  @Override
  public URI restUrl() {
    return rest.base();
  }

  @Override
  public String submit(String name, Map<String, String> jobSettings, @Nullable String savepoint)
      throws Exception {
    offerJar();
    Path file = settings.home().settings().resolve(name + ".properties");
    OwnerFiles.write(file, FlinkConfiguration.properties(jobSettings));
    ObjectNode request = JSON.createObjectNode();
    request.putArray("programArgsList").add(name).add("--config").add(file.toString());
    if (savepoint != null) {
      request.put("savepointPath", savepoint).put("allowNonRestoredState", true);
    }
    return rest.post("/jars/" + JAR + "/run", request).path("jobid").asText();
  }

  @Override
  public String stop(String job, Path folder) throws Exception {
    ObjectNode request = JSON.createObjectNode();
    request.put("targetDirectory", folder.toUri().toString()).put("drain", false);
    String trigger = rest.post("/jobs/" + job + "/stop", request).path("request-id").asText();
    long deadline = System.nanoTime() + SAVEPOINT_TIMEOUT.toNanos();
    while (true) {
      JsonNode state = rest.get("/jobs/" + job + "/savepoints/" + trigger);
      if (state.path("status").path("id").asText().equals("COMPLETED")) {
        JsonNode operation = state.path("operation");
        if (operation.hasNonNull("location")) {
          awaitEnd(job, deadline);
          return operation.path("location").asText();
        }
        throw new IOException(
            "No savepoint of job "
                + job
                + ": "
                + operation.path("failure-cause").path("stack-trace").asText("no reason given"));
      }
      waitBefore(deadline, "The savepoint of job " + job + " takes too long");
    }
  }

  @Override
  public void cancel(String job) throws Exception {
    try {
      if (!status(job).isGloballyTerminalState()) {
        rest.patch("/jobs/" + job + "?mode=cancel");
      }
      awaitEnd(job, System.nanoTime() + TIMEOUT.toNanos());
    } catch (FlinkRest.UnknownException e) {
      // A cluster forgets what ended an hour ago, and a new one never knew it: it does not run.
    }
  }

  private void awaitEnd(String job, long deadline) throws Exception {
    while (!status(job).isGloballyTerminalState()) {
      waitBefore(deadline, "Job " + job + " does not end");
    }
  }

  private static void waitBefore(long deadline, String otherwise) throws Exception {
    if (System.nanoTime() > deadline) {
      throw new TimeoutException(otherwise);
    }
    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
  }

  @Override
  public JobStatus status(String job) throws Exception {
    return JobStatus.valueOf(rest.get("/jobs/" + job).path("state").asText());
  }

  @Override
  public boolean isRunning(String job) throws Exception {
    JsonNode details = rest.get("/jobs/" + job);
    boolean running = details.path("state").asText().equals("RUNNING");
    for (JsonNode vertex : details.path("vertices")) {
      running &= vertex.path("status").asText().equals("RUNNING");
    }
    return running;
  }

  @Override
  public String failureOf(String job) throws Exception {
    return rest.get("/jobs/" + job + "/exceptions").path("root-exception").asText("");
  }

  @Override
  public void close() {
    taskManager.close();
    jobManager.close();
  }

  /** Under the name by which it is run; a new job manager begins with an empty folder. */
  private void offerJar() throws IOException {
    Path offered = FlinkConfiguration.uploads(settings).resolve("flink-web-upload").resolve(JAR);
    if (!Files.exists(offered)) {
      Files.createDirectories(offered.getParent());
      Files.createSymbolicLink(offered, settings.applicationJar());
    }
  }

  private boolean answers() {
    try {
      return rest.get("/overview").has("slots-total");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean hasSlots() {
    try {
      return rest.get("/overview").path("slots-total").asInt() >= settings.slots();
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void awaitSlots() {
    long deadline = System.nanoTime() + SLOTS_TIMEOUT.toNanos();
    try {
      while (!hasSlots()) {
        waitBefore(deadline, "The task manager does not come to the new job manager");
      }
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private Program jobManagerProgram() {
    return program(
        JOB_MANAGER,
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        // It compiles jobs, seldom: what it runs is over before the optimising compiler has paid.
        List.of("-Xms128m", "-Xmx640m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  }

  private Program taskManagerProgram() {
    return program(
        TASK_MANAGER,
        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        List.of("-Xms512m", "-Xmx2g", "-XX:+UseParallelGC", "-XX:MaxDirectMemorySize=512m"));
  }

  /**
   * The catalog's driver lies beside Flink's own classes, not in the jobs' class loaders: each of
   * them would load SQLite once more, and two copies of it in one process lose each other's locks,
   * and with them commits (sqlite.org/howtocorrupt.html, "Multiple copies of SQLite linked into the
   * same application").
   */
  private static Path catalogDriver() {
    try {
      return Path.of(
          Class.forName(FlinkConfiguration.CATALOG_DRIVER)
              .getProtectionDomain()
              .getCodeSource()
              .getLocation()
              .toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException("The catalog's driver is on the stack's class path", e);
    }
  }

  private Program program(String name, String mainClass, List<String> memory) {
    Path folder = FlinkConfiguration.folder(settings);
    List<String> options = new ArrayList<>(memory);
    options.add("-Xshare:auto");
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-Djava.io.tmpdir=" + settings.home().scratch());
    options.add("-Dlog4j.configurationFile=" + FlinkConfiguration.logging(settings));
    options.add("-Dorg.xerial.snappy.tempdir=" + settings.home().scratch());
    for (String opened :
        List.of("lang", "util", "nio", "net", "time", "math", "text", "util.concurrent")) {
      options.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
    }
    options.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    return new Program(
        ProcessIdentity.mark(name),
        settings.libraries().resolve("*").toString() + File.pathSeparator + catalogDriver(),
        mainClass,
        options,
        List.of("--configDir", folder.toString()),
        new TreeMap<>(
            Map.of(
                "FLINK_CONF_DIR", folder.toString(),
                "FLINK_LIB_DIR", settings.libraries().toString(),
                "FLINK_PLUGINS_DIR", settings.plugins().toString())),
        settings.home().logs().resolve((name.equals(JOB_MANAGER) ? "flink" : name) + ".log"));
  }
}
