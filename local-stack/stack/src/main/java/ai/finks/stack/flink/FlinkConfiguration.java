package ai.finks.stack.flink;

import ai.finks.processes.OwnerFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The files that the processes of a Flink cluster are configured by. */
final class FlinkConfiguration {
  static final String CATALOG_DRIVER = "org.sqlite.JDBC";

  private static final String LOOPBACK = "127.0.0.1";
  private static final String LOGGING =
      String.join(
          "\n",
          "rootLogger.level = INFO",
          "rootLogger.appenderRef.out.ref = Out",
          "appender.out.name = Out",
          "appender.out.type = CONSOLE",
          "appender.out.layout.type = PatternLayout",
          "appender.out.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %c{1} - %m%n",
          // They print a line per fetch, per file and per heartbeat.
          "logger.kafka.name = org.apache.kafka",
          "logger.kafka.level = WARN",
          "logger.hadoop.name = org.apache.hadoop",
          "logger.hadoop.level = WARN",
          "logger.iceberg.name = org.apache.iceberg",
          "logger.iceberg.level = WARN",
          "logger.pekko.name = org.apache.pekko",
          "logger.pekko.level = WARN",
          "");

  private FlinkConfiguration() {}

  static Path folder(FlinkSettings settings) {
    return settings.home().settings().resolve("flink");
  }

  static Path logging(FlinkSettings settings) {
    return folder(settings).resolve("log4j2.properties");
  }

  /** Where the job manager takes uploads. */
  static Path uploads(FlinkSettings settings) {
    return settings.home().scratch().resolve("flink-uploads");
  }

  static void write(FlinkSettings settings) throws IOException {
    Map<String, String> all = new TreeMap<>(settings.jobDefaults().toMap());
    all.putAll(cluster(settings));
    all.putAll(settings.lake().flinkFiles());
    StringBuilder yaml = new StringBuilder();
    all.forEach((key, value) -> yaml.append(key).append(": ").append(quoted(value)).append('\n'));
    // It has the store's secret in it.
    OwnerFiles.write(folder(settings).resolve("config.yaml"), yaml.toString());
    Files.writeString(logging(settings), LOGGING);
    Files.createDirectories(uploads(settings));
  }

  /** A text of Java's properties format. */
  static String properties(Map<String, String> values) {
    Properties properties = new Properties();
    properties.putAll(values);
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException("Texts take what is written", e);
    }
    return text.toString();
  }

  private static Map<String, String> cluster(FlinkSettings settings) {
    return Map.ofEntries(
        Map.entry("jobmanager.rpc.address", LOOPBACK),
        Map.entry("jobmanager.rpc.port", Integer.toString(settings.rpcPort())),
        Map.entry("jobmanager.bind-host", LOOPBACK),
        Map.entry("rest.address", LOOPBACK),
        Map.entry("rest.bind-address", LOOPBACK),
        Map.entry("rest.port", Integer.toString(settings.restPort())),
        Map.entry("rest.bind-port", Integer.toString(settings.restPort())),
        Map.entry("blob.server.port", "0"),
        Map.entry("web.upload.dir", uploads(settings).toString()),
        Map.entry("web.cancel.enable", "true"),
        Map.entry("taskmanager.host", LOOPBACK),
        Map.entry("taskmanager.bind-host", LOOPBACK),
        Map.entry("taskmanager.numberOfTaskSlots", Integer.toString(settings.slots())),
        Map.entry("taskmanager.cpu.cores", "2.0"),
        Map.entry("taskmanager.memory.task.heap.size", "1536m"),
        Map.entry("taskmanager.memory.task.off-heap.size", "64m"),
        Map.entry("taskmanager.memory.framework.heap.size", "128m"),
        Map.entry("taskmanager.memory.framework.off-heap.size", "128m"),
        Map.entry("taskmanager.memory.network.min", "64m"),
        Map.entry("taskmanager.memory.network.max", "64m"),
        Map.entry("taskmanager.memory.managed.size", "16m"),
        // For Flink's sums only: the JVM's own options say what it may take.
        Map.entry("taskmanager.memory.jvm-metaspace.size", "256m"),
        Map.entry("taskmanager.memory.jvm-overhead.min", "192m"),
        Map.entry("taskmanager.memory.jvm-overhead.max", "192m"),
        // One copy of SQLite in a process, whatever the jobs' jar brings.
        Map.entry("classloader.parent-first-patterns.additional", "org.sqlite."),
        // A killed process is found missed within seconds.
        Map.entry("heartbeat.interval", "2000"),
        Map.entry("heartbeat.timeout", "20000"),
        Map.entry("io.tmp.dirs", settings.home().scratch().toString()));
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
