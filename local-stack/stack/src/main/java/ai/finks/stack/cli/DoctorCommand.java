package ai.finks.stack.cli;

import ai.finks.broker.BrokerException;
import ai.finks.broker.LoopbackPorts;
import ai.finks.dynamodb.EmbeddedDynamo;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what this machine has and lacks. */
@Command(name = "doctor", description = "Say what this machine has, lacks, and how to get it.")
final class DoctorCommand implements Callable<Integer> {
  private static final long MIN_FREE_BYTES = 4L << 30;
  private static final long MIN_MEMORY_BYTES = 4L << 30;

  @Mixin private final CommonOptions common = new CommonOptions();

  /**
   * One thing that was looked at.
   *
   * @param name what
   * @param ok whether it is as it must be
   * @param found what is there
   * @param advice what to do if it is not ok
   */
  private record Check(String name, boolean ok, String found, String advice) {}

  @Override
  public Integer call() throws IOException {
    Path root = CommonOptions.root();
    List<Check> checks =
        List.of(
            java(),
            maven(),
            python(root),
            registry(root),
            lineageStore(),
            memory(),
            disk(common.home(), root),
            loopback());
    boolean ok = checks.stream().allMatch(Check::ok);
    if (common.json()) {
      common.print(json(checks));
    } else {
      for (Check check : checks) {
        common.print(
            String.format("%-4s %-18s %s", check.ok() ? "ok" : "NO", check.name(), check.found()));
        if (!check.ok()) {
          common.print("     " + check.advice());
        }
      }
    }
    return ok ? ExitCode.DONE.code() : ExitCode.PLATFORM.code();
  }

  private static ObjectNode json(List<Check> checks) {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    ArrayNode array = document.putArray("checks");
    for (Check check : checks) {
      array
          .addObject()
          .put("name", check.name())
          .put("ok", check.ok())
          .put("found", check.found())
          .put("advice", check.ok() ? "" : check.advice());
    }
    return document;
  }

  private static Check java() {
    int version = Runtime.version().feature();
    return new Check(
        "JDK 17+",
        version >= 17,
        Runtime.version() + " in " + System.getProperty("java.home"),
        "Install a JDK, 17 or newer, or point JAVA_HOME to one.");
  }

  private static Check maven() {
    String found = firstLine(List.of("mvn", "--version"));
    return new Check(
        "Maven 3.8+",
        found.contains("Apache Maven"),
        found,
        "Install Maven 3.8 or newer; it must be on the PATH.");
  }

  private static Check python(Path root) {
    Path python = root.resolve(".finks/venv/bin/python");
    String found =
        Files.isExecutable(python)
            ? firstLine(List.of(python.toString(), "--version")) + " in " + python
            : "no environment in " + root.resolve(".finks/venv");
    return new Check(
        "Python 3.10+",
        found.startsWith("Python 3"),
        found,
        "Install Python 3.10 or newer with its venv module, then run ./finks again.");
  }

  private static Check registry(Path root) {
    Path registry = root.resolve(".finks/registry");
    boolean there = Files.isDirectory(registry.resolve("lib"));
    return new Check(
        "schema registry",
        there,
        there ? registry.toString() : "not in " + registry,
        "Remove " + registry + " and run ./finks again: it fetches the registry.");
  }

  private static Check lineageStore() {
    String machine = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    return new Check(
        "lineage store",
        EmbeddedDynamo.isSupported(),
        machine,
        "DynamoDBLocal does not run here: all works but ./finks lineage.");
  }

  private static Check memory() {
    long bytes =
        java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new Check(
        "memory",
        bytes >= MIN_MEMORY_BYTES,
        gibibytes(bytes),
        "The stack wants " + gibibytes(MIN_MEMORY_BYTES) + " or more.");
  }

  private static Check disk(FinksHome home, Path root) throws IOException {
    Path at = home.folder();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    long free = Files.getFileStore(Files.exists(at) ? at : root).getUsableSpace();
    return new Check(
        "disk",
        free >= MIN_FREE_BYTES,
        gibibytes(free) + " free at " + at,
        "Make room, or choose another place with --home.");
  }

  private static Check loopback() {
    try {
      return new Check(
          "loopback ports", true, "127.0.0.1:" + LoopbackPorts.free() + " is free", "");
    } catch (BrokerException e) {
      return new Check(
          "loopback ports", false, "" + e.getMessage(), "Allow listening on 127.0.0.1.");
    }
  }

  private static String gibibytes(long bytes) {
    return String.format("%.1f GiB", bytes / (double) (1L << 30));
  }

  private static String firstLine(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(20, TimeUnit.SECONDS);
      // Maven colours its first line even when nobody looks.
      return output.lines().findFirst().orElse("").replaceAll("\\u001B\\[[;\\d]*m", "");
    } catch (IOException e) {
      return command.get(0) + " is not there";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
