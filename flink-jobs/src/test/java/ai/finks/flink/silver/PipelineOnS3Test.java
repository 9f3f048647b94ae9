package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.FaultyS3.Fault;
import ai.finks.flink.table.S3Store;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The silver pipeline with its tables behind an S3 API, one that works and one that does not. */
class PipelineOnS3Test extends PipelineBed {
  private static final int RESTARTS = 1000;

  @TempDir static Path storeFolder;
  private static S3Store store;

  @BeforeAll
  static void startStore() throws Exception {
    store = S3Store.start(storeFolder);
  }

  @AfterAll
  static void stopStore() throws Exception {
    store.close();
  }

  @AfterEach
  void heal() {
    store.front().heal();
  }

  @Override
  Lake newLake() {
    return new Lake(store.catalogKeys(home), store.root(home.getFileName().toString()), ENTITY);
  }

  @Test
  void killedJobContinuesFromTablesBehindAnS3Api() throws Exception {
    send(1000);
    job = submit(lake.submission(sources()), 0, null);
    awaitProgress(1 + random.nextInt(900));
    job.kill();
    send(500);

    job = submit(lake.submission(sources()), 0, null);

    awaitAllRead();
    assertTablesAreExact();
    assertThat(store.files(home.getFileName() + "/silver")).isNotEmpty();
  }

  @Test
  void throttledSlowHalfClosedAndFailingCallsLoseAndDoubleNothing() throws Exception {
    job = submit(lake.submission(sources()), RESTARTS, null);
    send(500);
    awaitAllRead();

    store.front().fail(11, 20, call -> true, Fault.values());
    for (int round = 0; !everyFaultWasMet(); round++) {
      long before = lake.total(PipelineTable.SILVER);
      send(200);
      awaitProgress(before + 100);
      assertThat(round).as("rounds without meeting every fault").isLessThan(50);
    }
    store.front().heal();
    awaitAllRead();

    assertTablesAreExact();
    assertNothingDangles();
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
  }

  private static boolean everyFaultWasMet() {
    return Stream.of(Fault.values()).allMatch(fault -> store.front().count(fault) > 0);
  }

  /** Every file that a snapshot of a table refers to is there. */
  private void assertNothingDangles() {
    for (PipelineTable name : PipelineTable.values()) {
      Table table = lake.table(name);
      Set<String> referred = new HashSet<>();
      for (Snapshot snapshot : table.snapshots()) {
        referred.add(snapshot.manifestListLocation());
        for (ManifestFile manifest : snapshot.allManifests(table.io())) {
          referred.add(manifest.path());
          ManifestFiles.readPaths(manifest, table.io()).forEach(referred::add);
        }
      }
      assertThat(referred).as("files of %s", name).isNotEmpty();
      assertThat(referred).allMatch(file -> table.io().newInputFile(file).exists());
    }
  }
}
