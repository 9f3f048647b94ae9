package ai.finks.stack.chaos;

import ai.finks.flink.table.TablePeriod;
import ai.finks.stack.chaos.Fault.Restart;
import ai.finks.stack.chaos.RecordMaker.Stream;
import ai.finks.stack.chaos.store.StoreFaults;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.TableSummary;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.exceptions.CommitFailedException;

/** Lets a fault happen while records flow, and puts right what must be put right after it. */
final class FaultPlayer {
  private static final long CONFLICTS = 12;
  private static final List<YearMonth> REPLAYED =
      List.of(YearMonth.of(2024, 1), YearMonth.of(2024, 2));

  /** What faults befall. */
  record Platform(ChaosBroker broker, LiveJobs jobs, Lake lake) {}

  private final ChaosBroker broker;
  private final LiveJobs jobs;
  private final Lake lake;
  private final Flow flow;
  private final Upkeep upkeep;
  private final Random random;

  FaultPlayer(Platform platform, Flow flow, Upkeep upkeep, Random random) {
    this.broker = platform.broker();
    this.jobs = platform.jobs();
    this.lake = platform.lake();
    this.flow = flow;
    this.upkeep = upkeep;
    this.random = random;
  }

  void play(Fault fault) {
    switch (fault.kind()) {
      case KILL_AT -> killAt(fault);
      case FAIL_AT -> failAt(fault);
      case KILL -> kill(fault.restart());
      case BROKER_RESTART -> broker.restart();
      case BROKER_CRASH -> broker.crash(random);
      case STORE -> store(fault);
      case DISK_FULL -> diskFull();
      case CATALOG_CONFLICT -> conflict();
      case CATALOG_LOCK -> lock(fault.detail().equals(Fault.BEYOND_PATIENCE));
      case CLOCK_STEP -> stepClock(Long.parseLong(fault.detail()));
      case TAKE_OVER -> takeOver();
      case SEAL -> seal(fault);
      case REPLAY -> replay(fault);
    }
  }

  private static String armed(Fault fault) {
    return fault.detail().isEmpty() ? "" : fault.detail() + "@" + fault.nth() + ":kill";
  }

  private void seal(Fault fault) {
    // What is in no table yet, nobody seals.
    flow.caughtUp();
    upkeep.seal(armed(fault));
  }

  private void replay(Fault fault) {
    Stream stream = random.nextBoolean() ? Stream.BARS : Stream.TRANSACTIONS;
    String origin = random.nextBoolean() ? "stream" : "";
    MonthsReplay months = new MonthsReplay(stream, REPLAYED.get(0), REPLAYED.get(1), origin);
    if (fault.detail().isEmpty()) {
      // Nor is there anything to replay.
      flow.caughtUp();
      upkeep.replayBesideSeal(months);
      return;
    }
    // A month that a late row opens would be filled through the live job, which is another way.
    flow.spare(REPLAYED);
    flow.caughtUp();
    upkeep.seal("");
    List<TablePeriod> harmed = new ArrayList<>();
    REPLAYED.forEach(month -> harmed.add(TablePeriod.parse(month.toString())));
    Collections.shuffle(harmed, random);
    long lost = LostVersions.of(lake, stream, harmed);
    upkeep.replayKilled(months, armed(fault), Fault.isBehindPublication(fault) ? 0 : lost);
    flow.spare(List.of());
  }

  private void arm(String points) {
    jobs.node().obey(NodeProcess.order("arm").put("points", points));
  }

  private void killAt(Fault fault) {
    arm(fault.detail() + "@" + fault.nth() + ":kill");
    flow.until("the kill at " + fault.detail(), () -> !jobs.isAlive());
    jobs.start(fault.restart());
  }

  private void failAt(Fault fault) {
    long before = jobs.status().path("failures").asLong();
    arm(fault.detail() + "@" + fault.nth() + ":fail");
    flow.until(
        "the failure at " + fault.detail(), () -> jobs.status().path("failures").asLong() > before);
    arm("");
  }

  private void kill(Restart restart) {
    flow.send(20 + random.nextInt(60));
    jobs.node().kill();
    jobs.start(restart);
  }

  private void store(Fault fault) {
    String[] words = fault.detail().split(" ");
    long before = jobs.status().path("hits").asLong();
    plan(words[0], words[1], fault.nth());
    flow.until(
        "the store's " + fault, () -> jobs.status().path("hits").asLong() >= before + fault.nth());
    heal();
  }

  private void diskFull() {
    long before = jobs.status().path("hits").asLong();
    plan(StoreFaults.Mode.FULL.name(), StoreFaults.Operation.WRITE.name(), 0);
    flow.until(
        "a full disk", () -> jobs.status().path("hits").asLong() >= before + 1 + random.nextInt(3));
    heal();
  }

  private void heal() {
    plan(StoreFaults.Mode.NONE.name(), StoreFaults.Operation.WRITE.name(), 0);
  }

  private void plan(String mode, String operation, int times) {
    ObjectNode order = NodeProcess.order("store");
    order.put("mode", mode).put("operation", operation).put("times", times);
    jobs.node().obey(order);
  }

  private void conflict() {
    List<TableSummary> tables = TableSummary.all(lake);
    for (int i = 0; i < CONFLICTS; i++) {
      TableSummary table = tables.get(random.nextInt(tables.size()));
      flow.send(3);
      try {
        table.table().updateProperties().set("chaos.conflict", Integer.toString(i)).commit();
      } catch (CommitFailedException e) {
        // The other one was faster: a conflict all the same.
        table.table().refresh();
      }
    }
  }

  private void lock(boolean beyondPatience) {
    ObjectNode status = jobs.status();
    long checkpoints = LiveJobs.checkpoints(status);
    long failed = LiveJobs.failedAt(status);
    try (Connection catalog = DriverManager.getConnection(jobs.catalogUri());
        Statement statement = catalog.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      if (beyondPatience) {
        flow.until(
            "a commit that gives the lock up", () -> LiveJobs.failedAt(jobs.status()) > failed);
      } else {
        flow.until(
            "a checkpoint behind the lock",
            () -> {
              ObjectNode now = jobs.status();
              return LiveJobs.checkpoints(now) > checkpoints || LiveJobs.failedAt(now) > failed;
            });
      }
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      throw new PlatformFailure("The catalog cannot be locked: " + e.getMessage(), e);
    }
  }

  private void stepClock(long seconds) {
    jobs.node().obey(NodeProcess.order("clock").put("step_millis", Long.toString(seconds * 1000)));
  }

  /** The first one is not told; it must notice by itself, and end. */
  private void takeOver() {
    NodeProcess replaced = jobs.node();
    jobs.start(Restart.TABLES);
    flow.until(
        "the end of the jobs that were replaced",
        () -> {
          jobs.statusOfSuccessors();
          return LiveJobs.stopped(replaced.status()).size() == NodeJobs.COUNT;
        });
    replaced.kill();
  }
}
