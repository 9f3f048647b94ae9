package ai.finks.flink.silver.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a start waits for what the tables know of the keys: from few large and from many small
 * files, in one pass for all partitions and in a pass for each. No test of the build: its name
 * keeps it out, and {@code docs/performance.md} tells how to run it. {@code -Dkeys=} says how many.
 */
class StoredVersionsMeasurement {
  private static final long KEYS = Long.getLong("keys", 2_000_000L);
  private static final int PARTITIONS = 4;
  private static final int DAYS = 8;
  private static final int LAPS = 2;
  private static final String STREAM = "stream-of-a-test-01234";

  @TempDir Path home;

  @Test
  void measure() throws Exception {
    SchemaCatalog schemas = SchemaCatalog.load(Path.of("..", "schemas"));
    Contract contract = schemas.contract("quotes").orElseThrow();
    SilverPlan plan = SilverPlan.compile(contract, schemas.bindingsOf("quotes"), keys(contract));
    for (int commits : new int[] {1, 200}) {
      Path folder = home.resolve("commits" + commits);
      Files.createDirectories(folder);
      try (LakeCatalog catalog = TestCatalog.create(folder)) {
        LakeTables.createMissing(catalog, folder.resolve("lake").toString(), List.of(contract));
        int files = fill(plan, catalog, commits);
        for (int lap = 0; lap < LAPS; lap++) {
          System.out.printf(
              "%,d keys in %,d files: one pass %,d ms, a pass for each of %d partitions %,d ms%n",
              KEYS, files, load(plan, catalog, true), PARTITIONS, load(plan, catalog, false));
        }
      }
    }
  }

  private static int fill(SilverPlan plan, LakeCatalog catalog, int commits) {
    Table silver = catalog.load(LakeTables.silver("quotes"));
    Refined refined = plan.newRefined();
    SilverRowData view = new SilverRowData(plan.columns(), plan.contract().period());
    int count = 0;
    long next = 0;
    for (int commit = 0; commit < commits; commit++) {
      AppendFiles append = silver.newAppend();
      try (PartitionedFiles files = new PartitionedFiles(silver, 0, commit, 512L << 20)) {
        for (; next < KEYS * (commit + 1) / commits; next++) {
          plan.refine(quote(next), refined);
          SilverRow row = refined.rows().get(0);
          files.write(view.bind(row, partition((int) (next % PARTITIONS)), next / PARTITIONS, 0));
        }
        for (DataFile file : files.complete()) {
          append.appendFile(file);
          count++;
        }
      }
      append.commit();
    }
    return count;
  }

  private static long load(SilverPlan plan, LakeCatalog catalog, boolean inOnePass) {
    StoredVersions stored = new StoredVersions(plan, topic -> "fmp");
    Map<PipelineTable, Table> tables = new EnumMap<>(PipelineTable.class);
    for (PipelineTable table : PipelineTable.values()) {
      tables.put(table, catalog.load(table.identifier("quotes")));
    }
    TreeMap<StreamPartition, Long> all = new TreeMap<>();
    for (int number = 0; number < PARTITIONS; number++) {
      all.put(partition(number), KEYS);
    }
    long began = System.nanoTime();
    long keys = 0;
    if (inOnePass) {
      keys = size(stored.load(all, List.of(StoredVersions.Layer.all(tables))));
    } else {
      for (StreamPartition partition : all.keySet()) {
        keys +=
            size(stored.load(Map.of(partition, KEYS), List.of(StoredVersions.Layer.all(tables))));
      }
    }
    if (keys != KEYS) {
      throw new IllegalStateException(keys + " keys read");
    }
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static long size(Map<StreamPartition, KeyMemory> memories) {
    return memories.values().stream().mapToLong(memory -> memory.versions().size()).sum();
  }

  private static StreamPartition partition(int number) {
    return StreamPartition.of("fmp.quotes.raw.v1", STREAM, number);
  }

  private static RawRecord quote(long i) {
    long second = 1_736_000_000L + i % 8000 + 86_400L * (i / 8000 % DAYS);
    String payload =
        String.format(
            "{\"symbol\":\"S%d\",\"timestamp\":%d,\"price\":%d.%02d,\"volume\":%d,"
                + "\"exchange\":\"NASDAQ\"}",
            i / 8000 / DAYS, second, 10 + i % 900, i % 100, i % 1_000_000);
    return RawRecord.builder()
        .source("fmp")
        .entity("quotes")
        .runId("run")
        .batchId("fmp-quotes-run-" + i / 8000)
        .sequence(i % 8000)
        .ingestTimeMicros(1_800_000_000_000_000L + i)
        .contentType("application/json")
        .payload(payload.getBytes(UTF_8))
        .attributes(Map.of())
        .build();
  }

  static PiiKeys keys(Contract contract) {
    Map<String, byte[]> keys = new HashMap<>();
    for (String name : PiiKeys.namesFor(contract)) {
      keys.put(name, new byte[PiiKeys.MIN_KEY_BYTES]);
    }
    return PiiKeys.of(keys);
  }
}
