package ai.finks.stack.embedded;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.simulators.fmp.FmpSimulator;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.registry.RegistryProcess;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a local stack in this JVM, but for the schema registry, which is its child.
 *
 * <p>What can start side by side does; the jobs come last, when broker, registry and tables are
 * there.
 */
final class EmbeddedStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStack.class);
  private static final int JOBS = 2;

  private final StackConfig config;
  private final StackBoard board;
  private final SchemaCatalog schemas;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  EmbeddedStack(StackConfig config, StackBoard board) {
    this.config = config;
    this.board = board;
    this.schemas = SchemaCatalog.load(config.schemas());
  }

  /** Starts every part and returns when the jobs run. */
  void start() throws Exception {
    CompletableFuture<RegistryProcess> registry =
        inParallel("schema registry", this::startRegistry);
    CompletableFuture<EmbeddedBroker> broker = inParallel("broker and topics", this::startBroker);
    CompletableFuture<FlinkCluster> flink = inParallel("flink", this::startFlink);
    CompletableFuture<FmpSimulator> simulator = inParallel("fmp simulator", this::startSimulator);
    CompletableFuture<Boolean> tables = inParallel("tables and keys", this::prepareLake);
    CompletableFuture.allOf(registry, broker, flink, simulator, tables).get();
    long started = System.nanoTime();
    new StackJobs(config, flink.get(), board)
        .start(schemas, broker.get().bootstrapServers(), registry.get().url());
    board.done("jobs", started);
  }

  private RegistryProcess startRegistry() throws Exception {
    RegistryProcess registry =
        register(RegistryProcess.start(config.registryDistribution(), config.home()));
    board.component("registry", registry.url().toString(), registry.process());
    registry.awaitReady();
    return registry;
  }

  private EmbeddedBroker startBroker() {
    EmbeddedBroker broker =
        register(EmbeddedBroker.start(config.home().kafka(), BrokerConfig.defaults()));
    broker.createTopics(StackTopics.of(schemas));
    board.component("kafka", broker.bootstrapServers());
    return broker;
  }

  private boolean prepareLake() throws IOException {
    CatalogConfig settings =
        CatalogConfig.of(Lake.catalogSettings(config.home()), Lake.root(config.home()));
    LakeCatalog.initialise(settings);
    try (LakeCatalog catalog = LakeCatalog.open(settings)) {
      KeyDirectory.createMissing(
          config.home().keys(),
          schemas.contracts(),
          entity -> LakeTables.isWritten(catalog, entity));
      LakeTables.createMissing(catalog, Lake.root(config.home()), schemas.contracts());
    }
    return true;
  }

  private FmpSimulator startSimulator() {
    FmpSimulator simulator = register(FmpSimulator.start(config.demoData()));
    board.component("fmp", simulator.baseUri().toString());
    return simulator;
  }

  private FlinkCluster startFlink() throws Exception {
    FlinkCluster flink =
        register(
            FlinkCluster.start(
                config.home(),
                JOBS * config.parallelism(),
                config.parallelism(),
                config.checkpointInterval()));
    board.component("flink", flink.restUrl().toString());
    return flink;
  }

  private <T> CompletableFuture<T> inParallel(String step, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    long started = System.nanoTime();
    Thread thread =
        new Thread(
            () -> {
              try {
                T value = work.call();
                board.done(step, started);
                result.complete(value);
              } catch (Throwable e) {
                // Errors too: a part that died silently would leave the start waiting for good.
                result.completeExceptionally(e);
              }
            },
            "start-" + step.replace(' ', '-'));
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private synchronized <T extends AutoCloseable> T register(T part) {
    parts.push(part);
    return part;
  }

  /** The shortest text that says why a start failed. */
  static String reasonOf(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  /** Ends the parts, the last started first. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        // Whatever one part threw, the others must be closed.
        LOG.warn("part did not close: part={}", part.getClass().getSimpleName(), e);
      }
    }
  }
}
