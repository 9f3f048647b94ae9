package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.FaultyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A store or a catalog that is slow, fails, is full or is locked: tables stay exact. */
class StoreFaultsTest extends PipelineBed {
  private static final int MANY = 1000;

  @Test
  void slowStoreDelaysCommitsAndChangesNothing() throws Exception {
    AtomicInteger files = new AtomicInteger();
    FaultyFiles.inject(
        (location, position) -> {
          if (position == 0 && files.incrementAndGet() % 4 == 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3 * MiniFlink.CHECKPOINT_MILLIS));
          }
        });
    send(1000);

    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    send(500);
    awaitAllRead();

    assertTablesAreExact();
    assertThat(files).hasValueGreaterThan(10);
  }

  @Test
  void storeThatFailsInTheMiddleOfFilesEndsAttemptsUntilItAnswersAgain() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    send(1000);
    job = submit(lake.submission(sources()), MANY, null);
    awaitAllRead();

    FaultyFiles.inject(
        (location, position) -> {
          if (position > 100 && failures.incrementAndGet() <= 5) {
            throw new IOException("injected: 503 from the store for " + location);
          }
        });
    send(1000);
    awaitAllRead();

    assertThat(failures).hasValueGreaterThan(5);
    assertTablesAreExact();
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void fullDiskEndsAttemptsUntilThereIsRoom() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    send(1000);
    job = submit(lake.submission(sources()), MANY, null);
    awaitAllRead();
    Map<Integer, Long> before = lake.offsets(PipelineTable.SILVER);

    FaultyFiles.inject(
        (location, position) -> {
          refused.incrementAndGet();
          throw new IOException("injected: No space left on device");
        });
    send(500);
    Awaitility.await().atMost(MiniFlink.PATIENCE).until(() -> refused.get() > 5);
    assertThat(lake.offsets(PipelineTable.SILVER)).isEqualTo(before);
    FaultyFiles.inject((location, position) -> {});

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void lockedCatalogIsWaitedFor() throws Exception {
    send(500);
    job = submit(lake.submission(sources()), 0, null);
    awaitAllRead();
    Map<Integer, Long> before = lake.offsets(PipelineTable.SILVER);

    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("finks.db"));
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      send(500);
      Awaitility.await()
          .pollDelay(Duration.ofMillis(8 * MiniFlink.CHECKPOINT_MILLIS))
          .atMost(MiniFlink.PATIENCE)
          .until(() -> lake.offsets(PipelineTable.SILVER).equals(before));
      statement.execute("ROLLBACK");
    }

    awaitAllRead();
    assertTablesAreExact();
  }

  @Test
  void checkpointsThatFailLoseAndDoubleNothing() throws Exception {
    Path folder = home.resolve("checkpoints");
    send(1000);
    job = submit(lake.submission(sources()), MANY, null, 2, folder);
    awaitAllRead();

    Path kept = home.resolve("kept");
    Files.move(folder, kept);
    Files.writeString(folder, "no folder");
    send(1000);
    Awaitility.await().atMost(MiniFlink.PATIENCE).until(() -> job.failedCheckpoints() > 2);
    Files.delete(folder);
    Files.move(kept, folder);

    awaitAllRead();
    assertTablesAreExact();
  }
}
