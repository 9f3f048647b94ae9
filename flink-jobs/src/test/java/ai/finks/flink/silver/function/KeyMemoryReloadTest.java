package ai.finks.flink.silver.function;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.function.RefinerBed.Subject;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start reads from the tables is what the running job knew. */
class KeyMemoryReloadTest {
  private static final long MINUTE = 60_000_000L;
  private static final String REFUSED = "QUARANTINE IMPLAUSIBLE_CHANGE";
  private static final int PARTITIONS = 3;

  @TempDir Path home;

  /**
   * Restatements, redelivery, disorder and implausible values over three partitions. One job runs
   * on, another is started from the tables again and again: both must say the same of every record.
   */
  @ParameterizedTest
  @CsvSource({"all,''", "all,edition", "PT64M,''", "PT64M,edition"})
  void startFromTheTablesChangesNoVerdict(String window, String versionField) throws Exception {
    Random random = new Random(11);
    List<String> seen = new ArrayList<>();
    try (RefinerBed bed =
        new RefinerBed(
            home,
            window,
            versionField,
            "jump:refuse:price within 10x of previous price by symbol",
            "move:warn:price within 3x of previous price by symbol")) {
      Subject steady = bed.start();
      Subject restarted = bed.start();
      TreeMap<StreamPartition, Long> offsets = new TreeMap<>();
      List<RawRecord> sent = new ArrayList<>();
      for (int i = 0; i < 900; i++) {
        if (i % 150 == 149) {
          restarted = bed.startFromTables(offsets);
        }
        RawRecord record = next(random, sent, i);
        int partition = Math.floorMod(record.key().hashCode(), PARTITIONS);
        long offset = offsets.merge(RefinerBed.partition(partition), 1L, Long::sum) - 1;
        RawMessage message = bed.message(partition, offset, record);

        List<String> verdict = steady.refineAndWrite(message);
        assertThat(restarted.refine(message)).as("record %d", i).isEqualTo(verdict);
        seen.addAll(verdict);
      }
      assertThat(seen).contains("SILVER", "SILVER move", "MARKS", REFUSED);
      long superseded = 0;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        superseded += steady.work(partition).counts().take().get("duplicates_superseded");
      }
      assertThat(superseded).isPositive();
    }
  }

  private static RawRecord next(Random random, List<RawRecord> sent, int i) {
    if (!sent.isEmpty() && random.nextInt(4) == 0) {
      return sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 60)));
    }
    int level = new int[] {100, 100, 100, 100, 400, 5000, 90_000}[random.nextInt(7)];
    RawRecord record =
        RefinerBed.record(
            "S" + random.nextInt(6),
            random.nextInt(10),
            random.nextInt(12),
            random.nextInt(20) == 0 ? "null" : level + "." + random.nextInt(2),
            "batch" + random.nextInt(4),
            (i + random.nextInt(40)) * MINUTE / 2);
    sent.add(record);
    return record;
  }

  @Test
  void valueFarFromThePreviousOneOfItsGroupIsRefused() throws Exception {
    try (RefinerBed bed = refusing()) {
      Subject job = bed.start();

      assertThat(verdicts(bed, job, "A 100", "B 1", "A 9999", "A 999900.01", "A 99.99"))
          .containsExactly("SILVER", "SILVER", "SILVER", REFUSED, "SILVER");
    }
  }

  @Test
  void legitimateJumpCostsOneRecordAndPoisonsNothing() throws Exception {
    try (RefinerBed bed = refusing()) {
      Subject job = bed.start();

      assertThat(verdicts(bed, job, "A 1", "A 500", "A 501", "A 502", "A 1.5", "A 501"))
          .containsExactly("SILVER", REFUSED, "SILVER", "SILVER", REFUSED, "SILVER");
    }
  }

  @Test
  void sameRecordAgainDoesNotConfirmAJump() throws Exception {
    try (RefinerBed bed = refusing()) {
      Subject job = bed.start();
      RawRecord first = RefinerBed.record("A", 1, 1, "1", "b", 0);
      RawRecord jump = RefinerBed.record("A", 2, 1, "500", "b", MINUTE);
      job.refine(bed.message(0, 0, first));

      assertThat(job.refine(bed.message(0, 1, jump))).containsExactly(REFUSED);
      assertThat(job.refine(bed.message(0, 2, jump))).containsExactly(REFUSED);
      assertThat(job.refine(bed.message(0, 3, first))).as("a duplicate stays one").isEmpty();
    }
  }

  @Test
  void valueThatWarnsLandsAndIsThePreviousOneFromThenOn() throws Exception {
    try (RefinerBed bed =
        new RefinerBed(
            home, "all", "", "jump:warn:price within 100x of previous price by symbol")) {
      Subject job = bed.start();

      assertThat(verdicts(bed, job, "A 1", "A 500", "A 501", "A null", "A 0", "A 1"))
          .containsExactly("SILVER", "SILVER jump", "SILVER", "SILVER", "SILVER", "SILVER jump");
      assertThat(job.work(0).counts().take().get("warned")).isEqualTo(2);
    }
  }

  private RefinerBed refusing() {
    return new RefinerBed(
        home, "all", "", "jump:refuse:price within 100x of previous price by symbol");
  }

  /** One record per value, each of another day, so of another key. */
  private static List<String> verdicts(RefinerBed bed, Subject job, String... values) {
    List<String> verdicts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      String[] words = values[i].split(" ");
      RawRecord record = RefinerBed.record(words[0], i, 1, words[1], "b", i * MINUTE);
      verdicts.addAll(job.refine(bed.message(0, i, record)));
    }
    return verdicts;
  }
}
