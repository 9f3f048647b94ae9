package ai.finks.stack.chaos;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.client.LineageProducer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The run's broker, which stays at one port through stops and crashes. */
final class ChaosBroker implements AutoCloseable {
  private static final String CLEAN = ".kafka_cleanshutdown";
  private static final int TORN_BYTES = 40;

  private final Path folder;
  private EmbeddedBroker broker;

  ChaosBroker(Path folder) {
    this.folder = folder;
    this.broker = EmbeddedBroker.start(folder);
    broker.createTopics(RecordMaker.PARTITIONS, Traffic.topics().toArray(new String[0]));
    broker.createTopics(1, LineageProducer.TOPIC);
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Stops it and starts it on what it has left. */
  void restart() {
    String servers = stop();
    start(servers);
  }

  /**
   * Starts it on a log as a crash leaves it: never closed, each raw topic's partition ending in
   * bytes of a batch that was not written to its end (and so was never acknowledged).
   */
  void crash(Random random) {
    String servers = stop();
    try {
      Files.deleteIfExists(folder.resolve(CLEAN));
      for (Path segment : newestSegments()) {
        byte[] torn = new byte[1 + random.nextInt(TORN_BYTES)];
        random.nextBytes(torn);
        Files.write(segment, torn, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(servers);
  }

  private String stop() {
    String servers = broker.bootstrapServers();
    broker.close();
    return servers;
  }

  private void start(String servers) {
    int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
    broker = EmbeddedBroker.start(folder, BrokerConfig.defaults().withPort(port));
  }

  /** Each partition of the few records that runs send has one. */
  private List<Path> newestSegments() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .filter(file -> Traffic.topics().stream().anyMatch(topic -> isOf(topic, file)))
          .toList();
    }
  }

  private boolean isOf(String topic, Path file) {
    return folder.relativize(file).toString().startsWith(topic + "-");
  }

  @Override
  public void close() {
    broker.close();
  }
}
