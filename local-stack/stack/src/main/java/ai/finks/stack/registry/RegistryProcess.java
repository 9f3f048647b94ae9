package ai.finks.stack.registry;

import ai.finks.broker.LoopbackPorts;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.ProcessIdentity;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The schema registry (Apicurio) as a child process on loopback, its artefacts in a database file
 * in the home, so ids survive a restart and a kill.
 */
public final class RegistryProcess implements AutoCloseable {
  /** The JVM option by which a registry's process is told from others. */
  public static final String MARK = ProcessIdentity.mark("registry");

  private static final Duration READY_TIMEOUT = Duration.ofSeconds(120);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 50;

  private final Process process;
  private final int port;
  private final Path log;
  private volatile boolean ready;

  private RegistryProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts the process and returns at once; {@link #awaitReady} tells when it serves.
   *
   * @param distribution the folder with the unpacked registry
   */
  public static RegistryProcess start(Path distribution, FinksHome home) throws IOException {
    return start(distribution, home, LoopbackPorts.free());
  }

  /** The same at a port of one's own choice. */
  static RegistryProcess start(Path distribution, FinksHome home, int port) throws IOException {
    Path runner = runnerIn(distribution);
    Files.createDirectories(home.registry());
    Files.createDirectories(home.logs());
    Path log = home.logs().resolve("registry.log");
    ProcessBuilder builder = new ProcessBuilder(command(runner, home)).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(RegistryProcess::wouldConfigureTheRegistry);
    builder.environment().putAll(settings(home, port));
    return new RegistryProcess(builder.start(), port, log);
  }

  /** Waits until the registry answers. */
  public void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
    while (!answers()) {
      if (!process.isAlive()) {
        throw new IOException(
            "The schema registry ended with code " + process.exitValue() + "; see " + log);
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "The schema registry did not answer within " + READY_TIMEOUT + "; see " + log);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    ready = true;
  }

  /** Runs something in a thread of its own when the process has ended. */
  void onExit(Runnable action) {
    process.onExit().thenRunAsync(action);
  }

  /** Notes, whenever it happens, that the registry answers. */
  void noteReady() {
    Thread watch =
        new Thread(
            () -> {
              try {
                awaitReady();
              } catch (IOException e) {
                // Whoever keeps it sees that it ended.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "registry-ready");
    watch.setDaemon(true);
    watch.start();
  }

  /** Whether the registry has answered. */
  boolean wasReady() {
    return ready;
  }

  /** Base of the Confluent-compatible API. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
  }

  /** The registry's process. */
  public ProcessIdentity process() {
    return ProcessIdentity.of(process.toHandle());
  }

  /** Whether the process lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url() + "/subjects").toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(2_000);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> command(Path runner, FinksHome home) throws IOException {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        MARK,
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-cp",
        ownClasses() + File.pathSeparator + runner,
        RegistryMain.class.getName(),
        mainClassOf(runner),
        home.folder().toString());
  }

  private static Map<String, String> settings(FinksHome home, int port) {
    return Map.of(
        "APICURIO_STORAGE_KIND",
        "sql",
        "APICURIO_STORAGE_SQL_KIND",
        "h2",
        // Without a write delay an id that was answered is on disk, so a kill forgets none.
        "APICURIO_DATASOURCE_URL",
        "jdbc:h2:file:" + home.registry().resolve("registry") + ";WRITE_DELAY=0",
        "APICURIO_DATASOURCE_JDBC_INITIAL_SIZE",
        "1",
        "APICURIO_DATASOURCE_JDBC_MIN_SIZE",
        "1",
        "APICURIO_DATASOURCE_JDBC_MAX_SIZE",
        "8",
        "QUARKUS_HTTP_HOST",
        "127.0.0.1",
        "QUARKUS_HTTP_PORT",
        Integer.toString(port),
        // Its handlers would end it with a command that is interrupted in the foreground.
        "DISABLE_SIGNAL_HANDLERS",
        "true",
        "QUARKUS_HTTP_ACCESS_LOG_ENABLED",
        "false");
  }

  private static boolean wouldConfigureTheRegistry(String variable) {
    return variable.startsWith("APICURIO_")
        || variable.startsWith("QUARKUS_")
        || variable.equals("JAVA_TOOL_OPTIONS");
  }

  private static Path runnerIn(Path distribution) throws IOException {
    if (Files.isDirectory(distribution)) {
      try (Stream<Path> files = Files.list(distribution)) {
        var runner = files.filter(file -> file.toString().endsWith("-runner.jar")).findFirst();
        if (runner.isPresent()) {
          return runner.get();
        }
      }
    }
    throw new IOException(
        "No schema registry in " + distribution + "; ./finks fetches it when it builds");
  }

  private static String mainClassOf(Path runner) throws IOException {
    try (JarFile jar = new JarFile(runner.toFile())) {
      String main = jar.getManifest().getMainAttributes().getValue("Main-Class");
      if (main == null) {
        throw new IOException(runner + " names no Main-Class");
      }
      return main;
    }
  }

  private static Path ownClasses() throws IOException {
    try {
      return Path.of(
          RegistryMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IOException("Cannot tell where the stack's own classes are", e);
    }
  }
}
