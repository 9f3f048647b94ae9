package ai.finks.flink.silver.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.KnownVersions;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.silver.core.StoredRow;
import ai.finks.flink.silver.core.VersionRule;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What it costs to know many keys: bytes per key, time per record, and the rate of the plan with
 * and without. No test of the build: its name keeps it out, and {@code docs/performance.md} tells
 * how to run it. {@code -Dkeys=} says how many keys are known first.
 */
class KnownVersionsMeasurement {
  private static final long KEYS = Long.getLong("keys", 50_000_000L);
  private static final int QUOTES = 200_000;
  private static final int LAPS = 5;
  private static final int AHEAD = 16;
  private static final Path SCHEMAS = Path.of("..", "schemas");

  @TempDir Path home;

  @Test
  void measure() throws Exception {
    long before = usedBytes();
    KnownVersions known = new KnownVersions();
    SplittableRandom random = new SplittableRandom(7);
    String batch = "";
    long slowest = 0;
    long nanos = cpuNanos();
    for (long i = 0; i < KEYS; i++) {
      if (i % 10_000 == 0) {
        // Ten thousand rows to a batch, as adapters and producers send them.
        batch = "fmp-quotes-20260105-160000-" + i / 10_000;
      }
      long began = System.nanoTime();
      known.judge(random.nextLong(), i, i, batch, i % 10_000, i);
      slowest = Math.max(slowest, System.nanoTime() - began);
    }
    nanos = cpuNanos() - nanos;
    print("keys", known.size());
    print("heap bytes per key", (double) (usedBytes() - before) / KEYS);
    print("array bytes per key", (double) known.bytes() / KEYS);
    print("ns per new key while filling", (double) nanos / KEYS);
    print("ms of the slowest insertion (by the clock on the wall)", slowest / 1e6);
    print("ns per look-up of a known key", lookup(known, 7, VersionRule.EXACT));
    print("ns per look-up of a new key", lookup(known, 8, VersionRule.KEEP));
    loop(known);
  }

  /** Looks for keys spread over all that were put in, each of them once. */
  private static double lookup(KnownVersions known, long seed, VersionRule expected) {
    int lookups = (int) Math.min(KEYS, 2_000_000);
    long skip = KEYS / lookups;
    SplittableRandom random = new SplittableRandom(seed);
    long[] keys = new long[lookups];
    for (int i = 0; i < lookups; i++) {
      for (long s = 1; s < skip; s++) {
        random.nextLong();
      }
      keys[i] = random.nextLong();
    }
    long nanos = cpuNanos();
    for (int i = 0; i < lookups; i++) {
      long at = (i + 1) * skip - 1;
      // An older version: what is known is newer, so that a look-up is all that happens.
      VersionRule rule = known.compare(keys[i], at, at - 1, "", 0, at);
      if (rule != expected) {
        throw new IllegalStateException("Key " + at + ": " + rule);
      }
    }
    return (double) (cpuNanos() - nanos) / lookups;
  }

  /**
   * The chain without engine and broker: decode the envelope, refine, (deduplicate,) write Parquet
   * by column. Lap by lap in turn; each lap brings keys never seen. The fingerprint of the key,
   * which nothing but deduplication needs, is measured by making it twice.
   */
  private void loop(KnownVersions known) throws Exception {
    SchemaCatalog schemas = SchemaCatalog.load(SCHEMAS);
    Contract contract = schemas.contract("quotes").orElseThrow();
    SilverPlan plan =
        SilverPlan.compile(
            contract, schemas.bindingsOf("quotes"), StoredVersionsMeasurement.keys(contract));
    double[][] nanos = new double[Part.values().length][LAPS];
    try (LakeCatalog catalog = TestCatalog.create(home)) {
      LakeTables.createMissing(catalog, home.resolve("lake").toString(), List.of(contract));
      Chain chain = new Chain(plan, catalog.load(LakeTables.silver("quotes")), known);
      for (int lap = -2; lap < LAPS; lap++) {
        for (Part part : Part.values()) {
          long began = cpuNanos();
          chain.run(part, lap);
          if (lap >= 0) {
            nanos[part.ordinal()][lap] = (double) (cpuNanos() - began) / QUOTES;
          }
        }
      }
    }
    for (double[] each : nanos) {
      Arrays.sort(each);
    }
    double bare = nanos[Part.BARE.ordinal()][LAPS / 2];
    double fingerprint = nanos[Part.FINGERPRINT.ordinal()][LAPS / 2] - bare;
    double full = nanos[Part.DEDUPE.ordinal()][LAPS / 2];
    print("ns per record of the chain without deduplication (median)", bare - fingerprint);
    print("ns per record of the key's fingerprint", fingerprint);
    print("ns per record of the chain with deduplication (median)", full);
    print("rate with / rate without", (bare - fingerprint) / full);
    double ahead = nanos[Part.DEDUPE_AHEAD.ordinal()][LAPS / 2];
    print("ns per record of the same, looking 16 records ahead (median)", ahead);
    print("rate with look-ahead / rate without deduplication", (bare - fingerprint) / ahead);
  }

  private enum Part {
    BARE,
    FINGERPRINT,
    DEDUPE,
    DEDUPE_AHEAD
  }

  private static final class Chain {
    private final SilverPlan plan;
    private final Table table;
    private final KnownVersions known;
    private final List<byte[]> quotes = new ArrayList<>();
    private final RawRecordDecoder decoder;
    private final Refined[] refined = new Refined[AHEAD];
    private final SilverRowData view;
    private final StoredRow stored;
    private long offset;
    private int touched;
    private final StreamPartition partition = StreamPartition.of("fmp.quotes.raw.v1", "stream", 0);

    Chain(SilverPlan plan, Table table, KnownVersions known) {
      this.plan = plan;
      this.table = table;
      this.known = known;
      InMemoryRegistryClient registry = new InMemoryRegistryClient();
      RawRecordEncoder encoder =
          new RawRecordEncoder(
              ConfluentWireFormat.header(registry.register("raw", RawRecords.SCHEMA_JSON)));
      quotes().forEach(quote -> quotes.add(encoder.encode(quote)));
      this.decoder = new RawRecordDecoder(new ConfluentWireFormat(registry));
      for (int i = 0; i < AHEAD; i++) {
        refined[i] = plan.newRefined();
      }
      this.view = new SilverRowData(plan.columns(), plan.contract().period());
      this.stored = plan.newStoredRow();
    }

    void run(Part part, int lap) {
      try (PartitionedFiles files = new PartitionedFiles(table, 0, lap + 2, 512L << 20)) {
        offset = 0;
        int group = part == Part.DEDUPE_AHEAD ? AHEAD : 1;
        for (int from = 0; from < QUOTES; from += group) {
          for (int i = 0; i < group; i++) {
            byte[] wire = quotes.get(from + i);
            plan.refine(Objects.requireNonNull(decoder.decode(wire).record()), refined[i]);
          }
          if (part == Part.DEDUPE_AHEAD) {
            touchAll(group, lap);
          }
          for (int i = 0; i < group; i++) {
            decide(part, refined[i].rows().get(0), lap, files);
          }
        }
        files.complete();
        boolean dedupes = part == Part.DEDUPE || part == Part.DEDUPE_AHEAD;
        if (dedupes && offset != QUOTES - QUOTES / 100) {
          throw new IllegalStateException(offset + " quotes kept");
        }
      }
    }

    private void touchAll(int group, int lap) {
      for (int i = 0; i < group; i++) {
        SilverRow row = refined[i].rows().get(0);
        touched += known.touch(row.keyHi() + salt(Part.DEDUPE_AHEAD, lap), row.keyLo());
      }
    }

    private void decide(Part part, SilverRow row, int lap, PartitionedFiles files) {
      if (part == Part.FINGERPRINT) {
        copyKey(row, stored);
        stored.fingerprint(row.source());
      }
      boolean dedupes = part == Part.DEDUPE || part == Part.DEDUPE_AHEAD;
      if (!dedupes || isNew(row, salt(part, lap))) {
        files.write(view.bind(row, partition, offset++, 0));
      }
    }

    /** Each lap brings keys never seen. */
    private static long salt(Part part, int lap) {
      return 2L * lap + (part == Part.DEDUPE ? 0 : 1);
    }

    private boolean isNew(SilverRow row, long salt) {
      VersionRule rule =
          known.compare(
              row.keyHi() + salt,
              row.keyLo(),
              row.version(),
              row.batchId(),
              row.sequence(),
              row.hashHi());
      if (rule.isKept()) {
        known.keep(row.ingestTimeMicros());
      }
      return rule.isKept();
    }

    private static void copyKey(SilverRow row, StoredRow stored) {
      for (Column column : stored.columns()) {
        if (column.type().isText()) {
          stored.row().setText(column.index(), String.valueOf(row.text(column.index())));
        } else {
          stored.row().setNumber(column.index(), row.number(column.index()));
        }
      }
    }
  }

  /** Quotes of about 200 bytes of 8,000 symbols; every hundredth is one that was there before. */
  private static List<RawRecord> quotes() {
    SplittableRandom random = new SplittableRandom(42);
    List<RawRecord> quotes = new ArrayList<>();
    for (int i = 0; i < QUOTES; i++) {
      if (i % 100 == 99) {
        quotes.add(quotes.get(i - 50));
        continue;
      }
      String payload =
          String.format(
              "{\"symbol\":\"S%04d\",\"timestamp\":%d,\"price\":%d.%02d,\"volume\":%d,"
                  + "\"dayLow\":1.25,\"dayHigh\":9999.5,\"open\":101.5,\"previousClose\":100.75,"
                  + "\"exchange\":\"NASDAQ\",\"name\":\"Company %04d Incorporated\"}",
              i % 8000,
              1_736_000_000 + i,
              random.nextInt(10, 900),
              random.nextInt(100),
              random.nextInt(1_000_000),
              i % 8000);
      quotes.add(
          RawRecord.builder()
              .source("fmp")
              .entity("quotes")
              .runId("run")
              .batchId("fmp-quotes-run-" + i / 8000)
              .sequence(i % 8000)
              .ingestTimeMicros(1_800_000_000_000_000L + i)
              .contentType("application/json")
              .payload(payload.getBytes(UTF_8))
              .attributes(Map.of())
              .build());
    }
    return quotes;
  }

  /** The thread's own time: what else the machine does is not counted. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long usedBytes() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void print(String what, double value) {
    System.out.printf("%-62s %,14.2f%n", what, value);
  }
}
