package ai.finks.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real single-node Kafka broker (KRaft, broker and controller in one) inside this JVM.
 *
 * <p>It listens on loopback only, creates no topics by itself, and keeps everything in one
 * directory: a broker started on a directory that another one left, by close or by a crash, has the
 * same cluster id, topics and records. One broker per directory: the second start fails on Kafka's
 * own lock file.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);

  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final String clusterId;
  private boolean closed;

  private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers, String clusterId) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
    this.clusterId = clusterId;
  }

  /** Starts on {@code directory} with free ports. */
  public static EmbeddedBroker start(Path directory) {
    return start(directory, BrokerConfig.defaults());
  }

  /**
   * Starts on {@code directory}, creating or reusing what it holds, and returns when clients are
   * served.
   *
   * @throws BrokerException when a given port is taken, the directory is in use by another broker,
   *     or Kafka refuses a setting
   */
  public static EmbeddedBroker start(Path directory, BrokerConfig config) {
    int port = portOf("port", config.port());
    int controllerPort = portOf("controllerPort", config.controllerPort());
    Path logDirectory = directory.toAbsolutePath().normalize();
    long started = System.nanoTime();
    try {
      Files.createDirectories(logDirectory);
      String clusterId = LogDirectory.format(logDirectory);
      Map<String, String> settings =
          new HashMap<>(BrokerSettings.of(logDirectory, port, controllerPort));
      settings.putAll(config.overrides());
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      LOG.info(
          "broker started: directory={} port={} clusterId={} millis={}",
          logDirectory,
          port,
          clusterId,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
      return new EmbeddedBroker(server, "127.0.0.1:" + port, clusterId);
    } catch (IOException | RuntimeException e) {
      throw new BrokerException("Broker on " + logDirectory + " did not start: " + e, e);
    }
  }

  /** Host and port for clients. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** The id that stays with the directory. */
  public String clusterId() {
    return clusterId;
  }

  /**
   * Creates the topics that are missing, and gives existing ones the retention that is asked for.
   *
   * @throws BrokerException when an existing topic has another number of partitions; then nothing
   *     was created or changed
   */
  public void createTopics(Collection<TopicSpec> topics) {
    BrokerTopics.create(bootstrapServers, topics);
  }

  /** Creates the topics that are missing, each with {@code partitions} partitions. */
  public void createTopics(int partitions, String... names) {
    createTopics(List.of(names).stream().map(name -> TopicSpec.of(name, partitions)).toList());
  }

  /** A new admin client for this broker; the caller closes it. */
  public Admin admin() {
    return BrokerTopics.admin(bootstrapServers);
  }

  /** Stops the broker, flushing its logs; closing twice does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    server.shutdown();
    server.awaitShutdown();
  }

  private static int portOf(String name, int port) {
    if (port == 0) {
      return LoopbackPorts.free();
    }
    if (!LoopbackPorts.isFree(port)) {
      throw new BrokerException(
          "Broker " + name + " " + port + " is in use; give another one, or 0 for a free one");
    }
    return port;
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(ADMIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("Interrupted while the broker worked on topics", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new BrokerException("The broker did not do what was asked: " + e.getMessage(), e);
    }
  }
}
