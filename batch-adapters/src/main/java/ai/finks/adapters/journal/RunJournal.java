package ai.finks.adapters.journal;

import ai.finks.adapters.core.IngestFailure;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a run: {@code <home>/runs/<run_id>/journal.jsonl}.
 *
 * <p>The rules that resuming rests on:
 *
 * <ul>
 *   <li>The plan is on disk before anything is asked for, and is what every later execution does.
 *   <li>A unit's {@link Batch} is written before its first record is sent, so a record that is sent
 *       again has the same identity.
 *   <li>A unit is done only after the stream acknowledged all its records.
 *   <li>One process at a time has a journal open.
 * </ul>
 *
 * <p>What is written outlives the process, however it ends. The machine's own end may take the last
 * batches with it, as waiting for the disk at each one would cost more than all else that a run
 * does: their units are then done anew under a later ingest time, which is the same values seen
 * again.
 *
 * <p>A run that finished long ago is forgotten (see {@link RunRetention}).
 *
 * <p>Thread-safe.
 */
public final class RunJournal implements AutoCloseable {
  static final String FILE_NAME = "journal.jsonl";

  private final String runId;
  private final Path folder;
  private final RunLock lock;
  private final JournalFile file;
  private final JournalState state;
  private final boolean resumed;

  private RunJournal(String runId, Path folder, RunLock lock, JournalState state, boolean resumed)
      throws IOException {
    this.runId = runId;
    this.folder = folder;
    this.lock = lock;
    this.state = state;
    this.resumed = resumed;
    this.file = JournalFile.append(folder.resolve(FILE_NAME));
  }

  /**
   * Opens the journal of a run, beginning it if this is its first execution.
   *
   * @param home the home; the journal lies in its {@code runs} folder
   * @param runId the run
   * @param adapter which adapter, for example {@code fmp.bars}
   * @param args what the run is started with; a later execution must say the same; no secrets
   * @param plan makes the units, asked only for a new run
   * @throws RunRefusedException when the run is being run, or was started otherwise
   */
  public static RunJournal open(
      Path home,
      String runId,
      String adapter,
      Map<String, String> args,
      Supplier<List<RunUnit>> plan)
      throws IOException {
    Path folder = home.resolve("runs").resolve(RunId.check(runId));
    Path file = folder.resolve(FILE_NAME);
    JournalState known = JournalFile.read(file);
    List<RunUnit> units = known == null ? plan.get() : List.of();
    Files.createDirectories(folder);
    RunLock lock = RunLock.take(folder, runId);
    try {
      // Another process may have begun or ended the run since.
      known = JournalFile.read(file);
      if (known != null) {
        checkSame(runId, known, adapter, args);
        return new RunJournal(runId, folder, lock, known, true);
      }
      // The journal keeps what it says in text, to the microsecond.
      Instant started = Instant.now().truncatedTo(ChronoUnit.MICROS);
      JournalState begun = new JournalState(adapter, args, started, units);
      RunJournal journal = new RunJournal(runId, folder, lock, begun, false);
      journal.file.write(planEvent(runId, adapter, args, started, units), true);
      JournalFile.forceFolder(folder);
      JournalFile.forceFolder(home.resolve("runs"));
      RunRetention.apply(home.resolve("runs"), started);
      return journal;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Every run of a home, oldest first. A folder without a journal is left out. */
  public static List<RunSummary> list(Path home) throws IOException {
    Path runs = home.resolve("runs");
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    List<RunSummary> summaries = new ArrayList<>();
    try (Stream<Path> folders = Files.list(runs)) {
      for (Path folder : (Iterable<Path>) folders::iterator) {
        find(folder).ifPresent(summaries::add);
      }
    }
    summaries.sort(Comparator.comparing(RunSummary::started).thenComparing(RunSummary::runId));
    return summaries;
  }

  /** The run of an id, if the home has one. */
  public static Optional<RunSummary> find(Path home, String runId) throws IOException {
    return find(home.resolve("runs").resolve(RunId.check(runId)));
  }

  /** Where the journal of a run lies. */
  public static Path file(Path home, String runId) {
    return home.resolve("runs").resolve(RunId.check(runId)).resolve(FILE_NAME);
  }

  private static Optional<RunSummary> find(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    String runId = folder.getFileName().toString();
    try {
      JournalState state = JournalFile.read(file);
      boolean running = RunLock.holder(folder).isPresent();
      return Optional.ofNullable(state).map(known -> known.summary(runId, running));
    } catch (IOException | RuntimeException e) {
      // Damaged content fails in as many ways as there are: all of them say that it is damaged.
      return Optional.of(RunSummary.unreadable(runId, Files.getLastModifiedTime(file).toInstant()));
    }
  }

  private static void checkSame(
      String runId, JournalState known, String adapter, Map<String, String> args) {
    if (known.adapter().equals(adapter) && known.args().equals(args)) {
      return;
    }
    throw new RunRefusedException(
        String.format(
            "run %s was started as %s %s and can only be resumed so; this is %s %s. Use another run"
                + " id for something else.",
            runId, known.adapter(), known.args(), adapter, Map.copyOf(args)));
  }

  public String runId() {
    return runId;
  }

  /** True if an earlier execution began this run. */
  public boolean resumed() {
    return resumed;
  }

  public List<RunUnit> units() {
    return state.units();
  }

  public synchronized boolean finished() {
    return state.finished();
  }

  /** How a unit ended, or null while it has not. */
  public synchronized @Nullable UnitResult result(int unit) {
    return state.result(unit);
  }

  /** The batch of a unit of which records may have been sent, or null. */
  public synchronized @Nullable Batch batch(int unit) {
    return state.batch(unit);
  }

  /** What the stream holds for certain of a unit that is not done. */
  public synchronized UnitResult soFar(int unit) {
    return state.soFar(unit);
  }

  /** The sequence up to which that is everything; -1 when nothing is known. */
  public synchronized long through(int unit) {
    return state.through(unit);
  }

  public synchronized RunSummary summary() {
    return state.summary(runId, true);
  }

  /** Where the content of a unit is kept until it is done. */
  public Path spool(int unit) throws IOException {
    Path spool = Files.createDirectories(folder.resolve("spool"));
    return spool.resolve(String.format(Locale.ROOT, "%06d", unit));
  }

  /**
   * Makes a unit's batch and writes it down; must return before the first record is sent. A batch
   * that the unit had before is forgotten.
   *
   * @param received when the content was received; made later than that of every earlier batch
   */
  public synchronized Batch begin(int unit, Instant received, Map<String, String> attributes)
      throws IOException {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, received);
    Batch batch =
        new Batch(
            String.format(Locale.ROOT, "%s-%06d", runId, unit),
            Math.max(micros, state.lastIngestTimeMicros() + 1),
            attributes);
    ObjectNode event = event("batch").put("unit", unit);
    event.put("batch_id", batch.id()).put("ingest_time", batch.ingestTimeMicros());
    event.set("attributes", JournalFile.JSON.valueToTree(batch.attributes()));
    file.write(event, false);
    state.batch(unit, batch);
    return batch;
  }

  /** Notes that the stream holds all of a unit's records up to a sequence. */
  public synchronized void acknowledge(int unit, UnitResult soFar, long through)
      throws IOException {
    file.write(resultEvent("acknowledged", unit, soFar).put("through", through), false);
    state.acknowledged(unit, soFar, through);
  }

  /** Notes that a unit needs no more work. */
  public synchronized void done(int unit, UnitResult result) throws IOException {
    file.write(resultEvent("done", unit, result), false);
    state.done(unit, result);
  }

  /** Notes that every unit is done: the run id does nothing from now on. */
  public synchronized void finish(Instant at) throws IOException {
    file.write(event("finished").put("at", at.toString()), true);
    state.finish();
  }

  private static ObjectNode planEvent(
      String runId,
      String adapter,
      Map<String, String> args,
      Instant started,
      List<RunUnit> units) {
    ObjectNode plan = event("plan").put("run_id", runId).put("adapter", adapter);
    plan.put("started", started.toString());
    plan.set("args", JournalFile.JSON.valueToTree(args));
    ArrayNode list = plan.putArray("units");
    for (RunUnit unit : units) {
      ObjectNode node = list.addObject().put("name", unit.name());
      node.set("parameters", JournalFile.JSON.valueToTree(unit.parameters()));
    }
    return plan;
  }

  private static ObjectNode resultEvent(String name, int unit, UnitResult result) {
    ObjectNode event = event(name).put("unit", unit);
    event.put("sent", result.sent()).put("bytes", result.bytes());
    ArrayNode failed = event.putArray("failed");
    for (IngestFailure failure : result.failed()) {
      failed
          .addObject()
          .put("unit", failure.unit())
          .put("reason", failure.reason())
          .put("status", failure.status());
    }
    return event;
  }

  private static ObjectNode event(String name) {
    return JournalFile.JSON.createObjectNode().put("event", name);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
    lock.close();
  }
}
