package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.contract.DedupeWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownVersionsTest {
  private static final long MINUTE = 60_000_000L;

  @Test
  void newKeyIsKept() {
    assertThat(new KnownVersions().judge(1, 1, 5, "b", 0, 7)).isEqualTo(VersionRule.KEEP);
  }

  @Test
  void returnToAnEarlierContentIsKeptWhenItIsNewer() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 0, 100);
    known.judge(1, 1, 2, "b", 0, 200);

    assertThat(known.judge(1, 1, 3, "b", 0, 100)).isEqualTo(VersionRule.KEEP);
  }

  @Test
  void redeliveryAfterARestatementIsSuperseded() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 0, 100);
    known.judge(1, 1, 2, "b", 0, 200);

    assertThat(known.judge(1, 1, 1, "b", 0, 100)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 2, "b", 0, 200)).isEqualTo(VersionRule.EXACT);
  }

  @Test
  void equalContentThatIsNewerAdvancesTheKnownVersion() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 0, 100);

    assertThat(known.judge(1, 1, 5, "b", 0, 100)).isEqualTo(VersionRule.EXACT_AND_NEWER);
    assertThat(known.judge(1, 1, 4, "b", 0, 200)).isEqualTo(VersionRule.SUPERSEDED);
  }

  @Test
  void tiesAreBrokenByBatchThenSequenceThenContent() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 5, 100);

    assertThat(known.judge(1, 1, 1, "a", 9, 200)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 1, "b", 4, 200)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 1, "b", 5, 99)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 1, "b", 5, 101)).isEqualTo(VersionRule.KEEP);
    assertThat(known.judge(1, 1, 1, "b", 6, 100)).isEqualTo(VersionRule.KEEP);
    assertThat(known.judge(1, 1, 1, "c", 0, 101)).isEqualTo(VersionRule.KEEP);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1L << 31, (1L << 32) - 1, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
  void sequencesOfAnySizeAreOrdered(long sequence) {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", sequence, 100);

    assertThat(known.judge(1, 1, 1, "b", sequence, 100)).isEqualTo(VersionRule.EXACT);
    if (sequence > Long.MIN_VALUE) {
      assertThat(known.judge(1, 1, 1, "b", sequence - 1, 100)).isEqualTo(VersionRule.EXACT);
    }
    if (sequence < Long.MAX_VALUE) {
      assertThat(known.judge(1, 1, 1, "b", sequence + 1, 100))
          .isEqualTo(VersionRule.EXACT_AND_NEWER);
    }
  }

  @Test
  void rowThatIsComparedButNotTakenIsNotRemembered() {
    KnownVersions known = new KnownVersions();

    assertThat(known.compare(1, 1, 1, "b", 0, 100)).isEqualTo(VersionRule.KEEP);
    assertThat(known.compare(1, 1, 1, "b", 0, 100)).isEqualTo(VersionRule.KEEP);
    assertThat(known.size()).isZero();
  }

  @Test
  void everyKeyIsFoundAgainAndCostsAtMost48BytesHoweverManyThereAre() {
    KnownVersions known = new KnownVersions();
    Random random = new Random(1);
    List<long[]> keys = new ArrayList<>();
    double most = 0;
    for (int i = 0; i < 400_000; i++) {
      long[] key = {random.nextLong() & 0xffff_ffff_0000_00ffL, random.nextLong()};
      keys.add(key);
      known.judge(key[0], key[1], 1, "b", i, key[1]);
      if (i > 100_000 && i % 100 == 0) {
        most = Math.max(most, (double) known.bytes() / known.size());
      }
    }

    assertThat(known.size()).isEqualTo(400_000);
    assertThat(most).isBetween(40.0, 48.0);
    for (int i = 0; i < keys.size(); i++) {
      long[] key = keys.get(i);
      assertThat(known.judge(key[0], key[1], 1, "b", i, key[1])).isEqualTo(VersionRule.EXACT);
      assertThat(known.compare(key[0], ~key[1], 1, "b", i, key[1])).isEqualTo(VersionRule.KEEP);
    }
  }

  @Test
  void batchIsForgottenWithTheLastVersionThatCameFromIt() {
    KnownVersions known = new KnownVersions();
    for (int version = 0; version < 1000; version++) {
      for (int key = 0; key < 3; key++) {
        known.judge(key, key, version, "batch" + version + (key == 0 ? "" : "x"), 0, version);
      }
    }

    assertThat(known.origins()).isEqualTo(2);
  }

  @Test
  void keyIsKnownForTheWindowAndNotMuchLonger() {
    long window = 64 * MINUTE;
    KnownVersions known = new KnownVersions(DedupeWindow.parse("PT64M"));
    known.compare(1, 1, 7, "b", 0, 100);
    known.keep(1000 * MINUTE + 5);

    known.compare(2, 2, 7, "b", 0, 100);
    known.keep(1000 * MINUTE + 5 + window);
    assertThat(known.compare(1, 1, 7, "b", 0, 100)).isEqualTo(VersionRule.EXACT);

    known.compare(3, 3, 7, "b", 0, 100);
    known.keep(1000 * MINUTE + 5 + window + MINUTE);
    assertThat(known.compare(1, 1, 7, "b", 0, 100)).isEqualTo(VersionRule.KEEP);
  }

  @Test
  void memoryIsBoundedByTheKeysOfAWindow() {
    KnownVersions known = new KnownVersions(DedupeWindow.parse("PT64M"));
    Random random = new Random(3);
    int keysOfAWindow = 20_000;
    long mostBytes = 0;
    for (int i = 0; i < 40 * keysOfAWindow; i++) {
      long time = 64 * MINUTE * i / keysOfAWindow;
      assertThat(known.compare(random.nextLong(), i, time, "batch" + i / 10, i % 10, i))
          .isEqualTo(VersionRule.KEEP);
      known.keep(time);
      mostBytes = Math.max(mostBytes, known.bytes());
    }

    assertThat(known.origins()).isLessThan(2 * keysOfAWindow / 10);
    assertThat(mostBytes).isLessThan(2 * 48 * keysOfAWindow);
  }

  /** The rule as it is written: over everything that was stored, with nothing forgotten. */
  @Property(tries = 1500)
  void verdictsAreThoseOfAPlainModel(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int length, @ForAll boolean all) {
    DedupeWindow window = all ? DedupeWindow.all() : DedupeWindow.parse("PT64M");
    KnownVersions known = new KnownVersions(window);
    StoredRows stored = new StoredRows(window);

    for (HistoryRow row : HistoryRow.history(new Random(seed), length)) {
      VersionRule verdict = row.judge(known);

      assertThat(verdict).isEqualTo(stored.judge(row));
      stored.take(row, verdict);
    }
  }

  /** A start from the tables decides exactly as the job that never stopped, window or not. */
  @Property(tries = 1500)
  void restartWithoutStateChangesNoVerdict(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int length, @ForAll boolean all) {
    DedupeWindow window = all ? DedupeWindow.all() : DedupeWindow.parse("PT64M");
    Random random = new Random(seed);
    KnownVersions steady = new KnownVersions(window);
    StoredRows stored = new StoredRows(window);

    for (HistoryRow row : HistoryRow.history(random, length)) {
      VersionRule restarted = row.judge(stored.reload(random));
      VersionRule verdict = row.judge(steady);

      assertThat(restarted).isEqualTo(verdict);
      stored.take(row, verdict);
    }
  }

  /**
   * Histories of restatements, returns to earlier content, redelivery and disorder; the job is
   * restarted without state now and then and knows only what it kept and marked. Dropping what was
   * ever seen, or what equals the last row, is wrong in a tenth to a half of them.
   */
  @Test
  void newestKeptContentIsTheNewestContentInEachOfAHundredThousandHistories() {
    Random random = new Random(20260105);
    for (int history = 0; history < 100_000; history++) {
      StoredRows stored = new StoredRows(DedupeWindow.all());
      KnownVersions known = new KnownVersions();
      List<HistoryRow> sent = HistoryRow.history(random, 1 + random.nextInt(40));
      for (HistoryRow row : sent) {
        if (random.nextInt(10) == 0) {
          known = stored.reload(random);
        }
        stored.take(row, row.judge(known));
      }

      assertThat(HistoryRow.newestContents(stored.silver()))
          .as("history %d", history)
          .isEqualTo(HistoryRow.newestContents(sent));
      assertThat(stored.silver()).doesNotHaveDuplicates();
    }
  }
}
