package ai.finks.stack.embedded;

import ai.finks.client.LineageProducer;
import ai.finks.client.RawProducerConfig;
import ai.finks.dynamodb.EmbeddedDynamo;
import ai.finks.lineage.follow.CommitFollower;
import ai.finks.lineage.follow.ToldCommits;
import ai.finks.lineage.store.LineageStore;
import ai.finks.lineage.store.StoreFeed;
import ai.finks.schemas.lineage.LineageEvents;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.MetadataFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lineage of a stack: one thread tells of the tables' commits, another takes all that is told
 * into the store. Both begin after the jobs run, and neither stops anything else if it fails: what
 * was not told yet is told by the next start.
 */
final class StackLineage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StackLineage.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String GROUP = "finks-lineage-store";
  private static final String TABLE = "lineage";

  private final FinksHome home;
  private final String bootstrapServers;
  private final URI registry;
  private final Path dynamoClasspath;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread follower = new Thread(this::follow, "lineage-follower");
  private final Thread feeder = new Thread(this::feed, "lineage-store");
  private volatile @Nullable LineageStore store;
  private volatile @Nullable String problem;
  private volatile @Nullable StoreFeed feed;

  private StackLineage(StackConfig config, String bootstrapServers, URI registry) {
    this.home = config.home();
    this.bootstrapServers = bootstrapServers;
    this.registry = registry;
    this.dynamoClasspath = config.root().resolve(".finks/dynamodb.classpath");
  }

  static StackLineage start(StackConfig config, String bootstrapServers, URI registry) {
    StackLineage lineage = new StackLineage(config, bootstrapServers, registry);
    for (Thread thread : new Thread[] {lineage.follower, lineage.feeder}) {
      thread.setDaemon(true);
      thread.setPriority(Thread.MIN_PRIORITY);
      thread.start();
    }
    return lineage;
  }

  /**
   * The store, once it is open.
   *
   * @throws IllegalStateException if it cannot be opened
   */
  Optional<LineageStore> store() {
    if (problem != null) {
      throw new IllegalStateException("There is no lineage store: " + problem);
    }
    return Optional.ofNullable(store);
  }

  private void follow() {
    RawProducerConfig config =
        RawProducerConfig.of(
            Map.of("bootstrap-servers", bootstrapServers, "registry-url", registry.toString()));
    try (Lake lake = Lake.open(home);
        LineageProducer producer = LineageProducer.open(config)) {
      CommitFollower commits =
          new CommitFollower(
              new MetadataFiles(lake),
              new ToTopic(producer),
              new ToldCommits(home.lineage().resolve("told.json")));
      do {
        look(commits);
      } while (!closing.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      LOG.error("commits are not told any more: home={}", home, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void look(CommitFollower commits) {
    try {
      commits.follow();
    } catch (IOException | RuntimeException e) {
      // Whatever failed, the next look begins where this one did.
      LOG.warn("commits are told later: reason={}", e.getMessage());
    }
  }

  private void feed() {
    if (!Files.exists(dynamoClasspath)) {
      LOG.warn("no lineage store: {} is missing, ./finks makes it", dynamoClasspath);
      problem = dynamoClasspath + " is missing; ./finks makes it, then ./finks down and up";
      return;
    }
    try (EmbeddedDynamo dynamo =
        EmbeddedDynamo.open(dynamoClasspath, home.lineage().resolve("dynamodb"))) {
      LineageStore opened = new LineageStore(dynamo.client(), TABLE);
      opened.createMissing();
      store = opened;
      StoreFeed running = new StoreFeed(bootstrapServers, GROUP, LineageEvents.TOPIC, opened);
      feed = running;
      if (closing.getCount() == 0) {
        running.close();
      }
      running.run();
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.error("the lineage store is gone until the next start: home={}", home, e);
      problem = EmbeddedStack.reasonOf(e);
    } finally {
      store = null;
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing.countDown();
    StoreFeed running = feed;
    if (running != null) {
      running.close();
    }
    follower.join(PATIENCE.toMillis());
    feeder.join(PATIENCE.toMillis());
  }

  /** Commits as events of the lineage topic. */
  private record ToTopic(LineageProducer producer) implements CommitFollower.Listener {
    @Override
    public void commit(String table, byte[] event) {
      producer.send(table, event);
    }

    @Override
    public void heard() {
      producer.flush();
    }
  }
}
