package ai.finks.stack.embedded;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.simulators.fmp.FmpSimulator;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.contracts.ContractSubjects;
import ai.finks.stack.flink.JobCluster;
import ai.finks.stack.registry.KeptRegistry;
import ai.finks.stack.trace.TraceService;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of a local stack: in this JVM, or in its children, by the home's mode. The schema
 * registry is always a child.
 *
 * <p>What can start side by side does; the jobs come last, when broker, registry and tables are
 * there.
 */
final class EmbeddedStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStack.class);

  private final StackConfig config;
  private final StackBoard board;
  private final AppliedContracts applied;
  private final SchemaCatalog schemas;
  private final Engines engines;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  EmbeddedStack(StackConfig config, StackBoard board) throws IOException {
    this.config = config;
    this.board = board;
    this.applied = AppliedContracts.of(config.home());
    if (applied.version().isEmpty()) {
      SchemaCatalog.load(config.schemas());
      applied.rememberOrigin(config.schemas());
      applied.activate(applied.stage(config.schemas()));
    }
    this.schemas = applied.load(applied.version().orElseThrow());
    this.engines = register(Engines.of(config, board));
  }

  /** Starts every part and returns when the jobs run. */
  void start() throws Exception {
    CompletableFuture<KeptRegistry> registry = inParallel("schema registry", this::startRegistry);
    CompletableFuture<String> broker = inParallel("broker and topics", this::startBroker);
    CompletableFuture<JobCluster> flink = inParallel("flink", engines::startFlink);
    CompletableFuture<FmpSimulator> simulator = inParallel("fmp simulator", this::startSimulator);
    CompletableFuture<Boolean> tables = inParallel("tables and keys", this::prepareLake);
    CompletableFuture.allOf(registry, broker, flink, simulator, tables).get();
    long started = System.nanoTime();
    URI registryUrl = registry.get().url();
    ContractSubjects subjects = new ContractSubjects(registryUrl);
    CompletableFuture<Boolean> registered =
        inParallel("contracts registered", () -> register(subjects));
    StackJobs jobs = new StackJobs(config, flink.get(), board, broker.get(), registryUrl);
    jobs.start(applied.current().orElseThrow());
    engines.keep(jobs);
    this.<AutoCloseable>register(engines::stopJobs);
    board.done("jobs", started);
    registered.get();
    HomeLake lake = new HomeLake(config.home(), broker.get());
    StackLineage lineage = register(StackLineage.start(config, broker.get(), registryUrl));
    ControlServer control =
        register(
            ControlServer.start(
                config.home(),
                new ContractRollout(applied, subjects, lake, jobs),
                new TraceService(
                    config.home(), broker.get(), registryUrl.toString(), Clock.systemUTC()),
                new LineageAnswers(lineage::store)));
    board.component("control", control.url().toString());
    if (config.sealAt() != null) {
      register(NightlyUpkeep.start(config.root(), config.home(), config.sealAt()));
    }
  }

  /** Contracts that are registered already are only looked up. */
  private boolean register(ContractSubjects subjects) throws IOException, InterruptedException {
    for (Contract contract : schemas.contracts()) {
      subjects.register(contract);
    }
    return true;
  }

  private KeptRegistry startRegistry() throws Exception {
    KeptRegistry registry =
        register(
            KeptRegistry.start(
                config.registryDistribution(),
                config.home(),
                process ->
                    board.component("registry", process.url().toString(), process.process())));
    registry.awaitReady();
    return registry;
  }

  private String startBroker() throws Exception {
    String bootstrapServers = engines.startBroker();
    new HomeLake(config.home(), bootstrapServers).createTopics(schemas);
    return bootstrapServers;
  }

  private boolean prepareLake() throws Exception {
    engines.startLake();
    HomeLake.prepare(config.home(), schemas);
    return true;
  }

  private FmpSimulator startSimulator() {
    FmpSimulator simulator = register(FmpSimulator.start(config.demoData()));
    board.component("fmp", simulator.baseUri().toString());
    return simulator;
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
