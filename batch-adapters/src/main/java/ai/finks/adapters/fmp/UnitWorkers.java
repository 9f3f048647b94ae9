package ai.finks.adapters.fmp;

import ai.finks.adapters.Execution;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.core.JsonArraySplitter;
import ai.finks.adapters.core.MalformedContentException;
import ai.finks.adapters.fmp.FmpException.Reason;
import ai.finks.adapters.journal.Batch;
import ai.finks.adapters.journal.RunUnit;
import ai.finks.adapters.journal.UnitResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Takes the units that are not done, several at a time, each one fetched and then sent. */
final class UnitWorkers {
  /** What holds for every unit. */
  private static final Set<Reason> STOPPING =
      Set.of(Reason.KEY_REFUSED, Reason.SERVICE_DOWN, Reason.PAUSE_TOO_LONG);

  private final Execution execution;
  private final UnitSender sender;
  private final FmpClient client;
  private final FmpRequest request;
  private final int maxElementBytes;
  private final AtomicInteger nextUnit = new AtomicInteger();
  private final Set<Integer> tried = ConcurrentHashMap.newKeySet();
  // By unit, so that reports do not depend on which thread was first.
  private final Map<Integer, IngestFailure> unfinished = new ConcurrentSkipListMap<>();
  private final AtomicReference<@Nullable FmpException> stopped = new AtomicReference<>();

  UnitWorkers(
      Execution execution,
      UnitSender sender,
      FmpClient client,
      FmpRequest request,
      int maxElementBytes) {
    this.execution = execution;
    this.sender = sender;
    this.client = client;
    this.request = request;
    this.maxElementBytes = maxElementBytes;
  }

  /**
   * Works until nothing is left or the execution has failed.
   *
   * @return why units are still not done
   */
  List<IngestFailure> run(int parallel) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(parallel, UnitWorkers::thread);
    try {
      for (int i = 0; i < parallel; i++) {
        threads.execute(this::work);
      }
      threads.shutdown();
      while (!threads.awaitTermination(100, TimeUnit.MILLISECONDS)) {
        if (execution.failed()) {
          threads.shutdownNow();
        }
      }
    } finally {
      threads.shutdownNow();
      // The journal must not be closed under a worker.
      threads.awaitTermination(1, TimeUnit.MINUTES);
    }
    reportUntried();
    return new ArrayList<>(unfinished.values());
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "fmp-worker");
    thread.setDaemon(true);
    return thread;
  }

  private void work() {
    try {
      int unit = nextUnit.getAndIncrement();
      while (unit < execution.journal().units().size() && !execution.failed()) {
        if (stopped.get() != null) {
          return;
        }
        if (execution.journal().result(unit) == null) {
          take(unit);
        }
        unit = nextUnit.getAndIncrement();
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      execution.fail(e);
    }
  }

  private void take(int unit) throws IOException, InterruptedException {
    tried.add(unit);
    RunUnit planned = execution.journal().units().get(unit);
    Path file = execution.journal().spool(unit);
    try {
      Batch batch = execution.journal().batch(unit);
      if (batch == null || !isWhole(file)) {
        batch = fetch(unit, planned);
      }
      sender.send(unit, batch, file);
    } catch (FmpException e) {
      refused(unit, planned, e);
    }
  }

  /** False also for what a machine that lost its power left of a file. */
  private boolean isWhole(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      JsonArraySplitter elements = new JsonArraySplitter(in, maxElementBytes);
      while (elements.next()) {
        // Only the boundaries count here.
      }
      return true;
    } catch (MalformedContentException e) {
      return false;
    }
  }

  private Batch fetch(int unit, RunUnit planned) throws IOException, InterruptedException {
    Path file = execution.journal().spool(unit);
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    Map<String, String> attributes;
    try {
      attributes = client.fetch(request.entity().path, planned.parameters(), partial);
    } catch (IOException | InterruptedException e) {
      Files.deleteIfExists(partial);
      throw e;
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return execution
        .journal()
        .begin(unit, execution.context().clock().instant(), new TreeMap<>(attributes));
  }

  private void refused(int unit, RunUnit planned, FmpException e) {
    IngestFailure failure =
        new IngestFailure(planned.name(), String.valueOf(e.getMessage()), e.status());
    if (e.reason().definitive) {
      execution.done(unit, new UnitResult(0, 0, List.of(failure)));
      return;
    }
    unfinished.put(unit, failure);
    if (STOPPING.contains(e.reason())) {
      stopped.compareAndSet(null, e);
    }
  }

  private void reportUntried() {
    FmpException why = stopped.get();
    if (why == null) {
      return;
    }
    String reason =
        switch (why.reason()) {
          case KEY_REFUSED ->
              "not tried: the API key was refused; set the right one and run the same run id again";
          case PAUSE_TOO_LONG ->
              "not tried: the service asks for a long pause; run the same run id again after it";
          default -> "not tried: the service is down; run the same run id again later";
        };
    List<RunUnit> units = execution.journal().units();
    for (int unit = 0; unit < units.size(); unit++) {
      if (execution.journal().result(unit) == null && !tried.contains(unit)) {
        unfinished.putIfAbsent(
            unit, new IngestFailure(units.get(unit).name(), reason, why.status()));
      }
    }
  }
}
