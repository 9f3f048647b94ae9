package ai.finks.stack.embedded;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.SchemaProblem;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.contracts.ContractChange;
import ai.finks.stack.contracts.ContractRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes changed contracts and bindings into the running stack.
 *
 * <pre>
 * check ─▶ keys, topics, new tables ─▶ stop jobs behind savepoints ─▶ evolve tables ─▶ activate
 *                                                                         ─▶ start jobs ─▶ register
 * </pre>
 *
 * Up to the stop nothing changes for what runs. What fails from then on is taken back: the tables'
 * columns, which nothing has used yet, the contracts, and the old jobs go on from their savepoints.
 */
final class ContractRollout {
  static final String SILVER = "silver";
  static final String BRONZE = "bronze";

  private static final Logger LOG = LoggerFactory.getLogger(ContractRollout.class);

  private final AppliedContracts applied;
  private final ContractRegistry registry;
  private final LakeContracts lake;
  private final RunningJobs jobs;

  ContractRollout(
      AppliedContracts applied, ContractRegistry registry, LakeContracts lake, RunningJobs jobs) {
    this.applied = applied;
    this.registry = registry;
    this.lake = lake;
    this.jobs = jobs;
  }

  /**
   * What was done.
   *
   * @param change what was new or other
   * @param version the number of changes that the home has taken in
   * @param restarted the jobs that go on with the new contracts
   */
  record Outcome(ContractChange change, String version, List<String> restarted) {}

  /** The contracts cannot be taken in; nothing was changed. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<SchemaProblem> problems;

    RefusedException(List<SchemaProblem> problems) {
      super("refused: " + problems);
      this.problems = List.copyOf(problems);
    }

    List<SchemaProblem> problems() {
      return problems;
    }
  }

  /** The platform failed while it took the contracts in; the message says what runs now. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Takes in a folder.
   *
   * @param schemas the folder of {@code avro/} and {@code sources/}
   * @param removable entities and bindings that run and may be gone from the folder
   * @param progress receives a word per step
   */
  synchronized Outcome apply(Path schemas, Set<String> removable, Consumer<String> progress)
      throws RefusedException, FailedException {
    String before = applied.version().orElseThrow();
    SchemaCatalog old = applied.load(before);
    try {
      SchemaCatalog wanted = load(schemas);
      ContractChange change = ContractChange.between(old, wanted, removable);
      refuse(change.problems());
      refuse(stillNeeded(change, old, wanted));
      refuse(objections(change, wanted));
      progress.accept("contracts and bindings checked");
      applied.rememberOrigin(schemas);
      if (change.isEmpty()) {
        register(wanted.contracts(), progress);
        return new Outcome(change, before, List.of());
      }
      String version = applied.stage(schemas);
      SchemaCatalog next = applied.load(version);
      lake.createMissing(next);
      progress.accept("topics, keys and tables created");
      FaultPoints.pass("contracts.apply.created");
      Set<String> restarted = restarted(change, next);
      new Swap(change, restarted, progress).run(version, next, before, old);
      FaultPoints.pass("contracts.apply.jobs-started");
      register(next.contracts(), progress);
      return new Outcome(change, version, List.copyOf(restarted));
    } catch (RefusedException | FailedException e) {
      throw e;
    } catch (Exception e) {
      throw new FailedException(
          "The contracts were not taken in: "
              + EmbeddedStack.reasonOf(e)
              + "\nWhat ran goes on as before. Once the cause is gone, apply again.",
          e);
    }
  }

  /** Ends the silver job until {@link #resumeSilver}: its tables are about to be replaced. */
  synchronized void pauseSilver() throws Exception {
    jobs.cancel(Set.of(SILVER));
  }

  /** Starts the silver job from where its tables stand now. */
  synchronized void resumeSilver() throws Exception {
    jobs.start(SILVER, applied.current().orElseThrow());
  }

  private static SchemaCatalog load(Path schemas) throws RefusedException {
    try {
      return SchemaCatalog.load(schemas);
    } catch (InvalidSchemasException e) {
      throw new RefusedException(e.problems());
    }
  }

  private static void refuse(List<SchemaProblem> problems) throws RefusedException {
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
  }

  private List<SchemaProblem> stillNeeded(
      ContractChange change, SchemaCatalog old, SchemaCatalog wanted) throws Exception {
    List<SchemaProblem> needed = new ArrayList<>();
    if (wanted.bindings().isEmpty() && !old.bindings().isEmpty()) {
      // An entity may lose its last binding, and then has no pipeline; a job without any cannot
      // run.
      Binding last = old.bindings().iterator().next();
      needed.add(
          new SchemaProblem(
              last.file(),
              1,
              "binding "
                  + last.name()
                  + " is the last one, and the jobs need one to run: put it back, or end the stack"
                  + " with ./finks down"));
    }
    for (String entity : change.removedEntities()) {
      if (lake.holdsRows(entity)) {
        Contract contract = old.contract(entity).orElseThrow();
        needed.add(
            new SchemaProblem(
                contract.file(),
                1,
                "the tables of "
                    + entity
                    + " hold rows, and their contract says what they mean: put it back, and remove"
                    + " its bindings alone"));
      }
    }
    return needed;
  }

  private List<SchemaProblem> objections(ContractChange change, SchemaCatalog wanted)
      throws Exception {
    List<String> entities = new ArrayList<>(change.newEntities());
    entities.addAll(change.changedEntities());
    List<SchemaProblem> objections = new ArrayList<>();
    for (String entity : entities) {
      Contract contract = wanted.contract(entity).orElseThrow();
      registry
          .objection(contract)
          .ifPresent(
              message ->
                  objections.add(
                      new SchemaProblem(contract.file(), contract.line("fields"), message)));
    }
    return objections;
  }

  /** Silver runs whatever has a binding; Bronze cares for topics only. */
  private static Set<String> restarted(ContractChange change, SchemaCatalog next) {
    Set<String> names = new LinkedHashSet<>();
    boolean pipelines =
        !change.newBindings().isEmpty()
            || !change.changedBindings().isEmpty()
            || !change.removedBindings().isEmpty()
            || change.changedEntities().stream()
                .anyMatch(entity -> !next.bindingsOf(entity).isEmpty());
    if (pipelines) {
      names.add(SILVER);
    }
    if (!change.newBindings().isEmpty() || !change.removedBindings().isEmpty()) {
      names.add(BRONZE);
    }
    return names;
  }

  private void register(Collection<Contract> contracts, Consumer<String> progress)
      throws FailedException {
    try {
      for (Contract contract : contracts) {
        registry.register(contract);
      }
      progress.accept("contracts registered");
    } catch (Exception e) {
      throw new FailedException(
          "The jobs run with these contracts, but the schema registry has not got them all: "
              + EmbeddedStack.reasonOf(e)
              + "\nApply again once it answers.",
          e);
    }
  }

  /** The part in which jobs stand still. */
  private final class Swap {
    private final Collection<String> changedEntities;
    private final boolean removes;
    private final Set<String> names;
    private final Consumer<String> progress;
    private final Map<String, String> savepoints = new LinkedHashMap<>();

    Swap(ContractChange change, Set<String> names, Consumer<String> progress) {
      this.changedEntities = change.changedEntities();
      this.removes = !change.removedBindings().isEmpty();
      this.names = names;
      this.progress = progress;
    }

    void run(String version, SchemaCatalog next, String before, SchemaCatalog old)
        throws FailedException {
      try {
        for (String name : names) {
          String savepoint = jobs.stop(name);
          // A source's state would go on reading topics that are no longer bound.
          savepoints.put(name, removes ? RunningJobs.FROM_TABLES : savepoint);
          progress.accept(name + " job stopped, all it read is committed");
        }
        FaultPoints.pass("contracts.apply.jobs-stopped");
        lake.evolve(next, changedEntities);
        FaultPoints.pass("contracts.apply.tables-evolved");
        applied.activate(version);
        FaultPoints.pass("contracts.apply.activated");
        if (!savepoints.isEmpty()) {
          jobs.start(applied.path(version), savepoints);
          progress.accept(String.join(" and ", names) + " running with the new contracts");
        }
      } catch (Exception e) {
        LOG.error("contracts not taken in: version={}", version, e);
        takeBack(before, old, e);
      }
    }

    private void takeBack(String before, SchemaCatalog old, Exception cause)
        throws FailedException {
      String reason = "The contracts were not taken in: " + EmbeddedStack.reasonOf(cause);
      try {
        jobs.cancel(savepoints.keySet());
        applied.activate(before);
        lake.evolve(old, changedEntities);
        if (!savepoints.isEmpty()) {
          jobs.start(applied.path(before), savepoints);
        }
      } catch (Exception e) {
        LOG.error("old contracts not restored: version={}", before, e);
        throw new FailedException(
            reason
                + "\nThe jobs could not be brought back either: "
                + EmbeddedStack.reasonOf(e)
                + "\n./finks down, then ./finks up starts them from where their tables stand;"
                + " nothing is lost.",
            cause);
      }
      throw new FailedException(
          reason
              + "\nThe jobs run with the contracts of before, and nothing is lost. ./finks logs"
              + " stack says more; apply again once the cause is gone.",
          cause);
    }
  }
}
