package ai.finks.flink.silver.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What it costs to know many keys: bytes per key, time per record, and the rate of the plan with
 * and without. No test of the build: its name keeps it out, and {@code docs/performance.md} tells
 * how to run it. {@code -Dkeys=} says how many keys are known first.
 */
class KnownVersionsMeasurement {
  private static final long KEYS = Long.getLong("keys", 50_000_000L);
  private static final int QUOTES = 200_000;
  private static final int LAPS = 7;
  private static final Path SCHEMAS = Path.of("..", "schemas");

  @Test
  void measure() {
    long before = usedBytes();
    KnownVersions known = new KnownVersions();
    long nanos = System.nanoTime();
    SplittableRandom random = new SplittableRandom(7);
    long slowest = 0;
    for (long i = 0; i < KEYS; i++) {
      long began = System.nanoTime();
      known.judge(random.nextLong(), i, i, batch(i), i % 10_000, i);
      slowest = Math.max(slowest, System.nanoTime() - began);
    }
    nanos = System.nanoTime() - nanos;
    print("keys", known.size());
    print("heap bytes per key", (double) (usedBytes() - before) / KEYS);
    print("array bytes per key", (double) known.bytes() / KEYS);
    print("ns per new key while filling", (double) nanos / KEYS);
    print("ms of the slowest insertion", slowest / 1e6);
    lookups(known);
    loop(known);
  }

  /** Ten thousand rows to a batch, as adapters and producers send them. */
  private static String batch(long i) {
    return "fmp-quotes-20260105-160000-" + i / 10_000;
  }

  private static void lookups(KnownVersions known) {
    for (boolean there : new boolean[] {true, false}) {
      SplittableRandom random = new SplittableRandom(there ? 7 : 8);
      int lookups = 2_000_000;
      long skip = KEYS / lookups;
      long nanos = 0;
      int kept = 0;
      for (long i = 0; i < lookups; i++) {
        for (long s = 1; s < skip; s++) {
          random.nextLong();
        }
        long key = random.nextLong();
        long at = i * skip + skip - 1;
        long began = System.nanoTime();
        VersionRule rule = known.compare(key, at, at, batch(0), 0, at);
        nanos += System.nanoTime() - began;
        kept += rule == VersionRule.KEEP ? 1 : 0;
      }
      print(
          there ? "ns per lookup of a known key" : "ns per lookup of a new key",
          (double) nanos / lookups);
      print(there ? "known keys taken as new" : "new keys taken as new", kept);
    }
  }

  /** The plan's loop with and without, lap by lap in turn; each lap brings keys never seen. */
  private static void loop(KnownVersions known) {
    SilverPlan plan = plan();
    List<RawRecord> quotes = quotes();
    Refined refined = plan.newRefined();
    StoredRow stored = plan.newStoredRow();
    double[] without = new double[LAPS];
    double[] with = new double[LAPS];
    for (int lap = -2; lap < LAPS; lap++) {
      long began = System.nanoTime();
      for (RawRecord quote : quotes) {
        plan.refine(quote, refined);
      }
      long plain = System.nanoTime() - began;
      // The plan has made the key's fingerprint, which nothing but deduplication needs.
      began = System.nanoTime();
      for (RawRecord quote : quotes) {
        copyKey(refined.rows().get(0), stored);
        stored.fingerprint(quote.source());
      }
      long fingerprints = System.nanoTime() - began;
      began = System.nanoTime();
      int kept = 0;
      for (RawRecord quote : quotes) {
        plan.refine(quote, refined);
        SilverRow row = refined.rows().get(0);
        VersionRule rule =
            known.compare(
                row.keyHi() + lap,
                row.keyLo(),
                row.version(),
                row.batchId(),
                row.sequence(),
                row.hashHi());
        if (rule == VersionRule.KEEP) {
          known.keep(row.ingestTimeMicros());
          kept++;
        }
      }
      long full = System.nanoTime() - began;
      if (kept != QUOTES - QUOTES / 100) {
        throw new IllegalStateException(kept + " quotes kept");
      }
      if (lap >= 0) {
        without[lap] = (double) (plain - fingerprints) / QUOTES;
        with[lap] = (double) full / QUOTES;
      }
    }
    Arrays.sort(without);
    Arrays.sort(with);
    print("ns per record of the plan without deduplication (median)", without[LAPS / 2]);
    print("ns per record of the plan with deduplication (median)", with[LAPS / 2]);
    print("rate with / rate without", without[LAPS / 2] / with[LAPS / 2]);
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

  private static SilverPlan plan() {
    SchemaCatalog schemas = SchemaCatalog.load(SCHEMAS);
    Contract contract = schemas.contract("quotes").orElseThrow();
    return SilverPlan.compile(contract, schemas.bindingsOf("quotes"), SilverFixture.keys(contract));
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
              .ingestTimeMicros(1_736_000_000_000_000L + i)
              .contentType("application/json")
              .payload(payload.getBytes(UTF_8))
              .attributes(Map.of())
              .build());
    }
    return quotes;
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
