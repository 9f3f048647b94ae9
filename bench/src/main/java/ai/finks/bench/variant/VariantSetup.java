package ai.finks.bench.variant;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * What a variant is given to do, as it is handed from process to process.
 *
 * @param variant which one, see {@link Variants}
 * @param folder its own, empty at first; each lap has {@code lap-N} in it
 * @param schemas the benchmark's contract and binding
 * @param bootstrapServers of the broker
 * @param registryUrl of the schema registry
 * @param rawTopic records in envelopes
 * @param bareTopic the same payloads without
 * @param records in each topic
 * @param rows that the variant's table must hold after a lap
 * @param laps how often the topic is read, each time into tables of its own
 * @param parallelism subtasks, consumer threads or tasks
 * @param commitInterval between commits
 */
public record VariantSetup(
    String variant,
    Path folder,
    Path schemas,
    String bootstrapServers,
    String registryUrl,
    String rawTopic,
    String bareTopic,
    long records,
    long rows,
    int laps,
    int parallelism,
    Duration commitInterval) {

  /** Where the variant leaves its {@link VariantResult}. */
  public Path resultFile() {
    return folder.resolve("result.json");
  }

  /** The folder of a lap, counted from 1. */
  public Path lap(int number) {
    return folder.resolve("lap-" + number);
  }

  /** Writes this setup beside the variant's folder and says where. */
  public Path store() throws IOException {
    Properties properties = new Properties();
    properties.setProperty("variant", variant);
    properties.setProperty("folder", folder.toString());
    properties.setProperty("schemas", schemas.toString());
    properties.setProperty("bootstrap-servers", bootstrapServers);
    properties.setProperty("registry-url", registryUrl);
    properties.setProperty("raw-topic", rawTopic);
    properties.setProperty("bare-topic", bareTopic);
    properties.setProperty("records", Long.toString(records));
    properties.setProperty("rows", Long.toString(rows));
    properties.setProperty("laps", Integer.toString(laps));
    properties.setProperty("parallelism", Integer.toString(parallelism));
    properties.setProperty("commit-interval", commitInterval.toString());
    Path file = folder.resolve("setup.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return file;
  }

  /** Reads what {@link #store} wrote. */
  public static VariantSetup load(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new VariantSetup(
        properties.getProperty("variant"),
        Path.of(properties.getProperty("folder")),
        Path.of(properties.getProperty("schemas")),
        properties.getProperty("bootstrap-servers"),
        properties.getProperty("registry-url"),
        properties.getProperty("raw-topic"),
        properties.getProperty("bare-topic"),
        Long.parseLong(properties.getProperty("records")),
        Long.parseLong(properties.getProperty("rows")),
        Integer.parseInt(properties.getProperty("laps")),
        Integer.parseInt(properties.getProperty("parallelism")),
        Duration.parse(properties.getProperty("commit-interval")));
  }
}
