package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KnownVersionsTest {

  @Test
  void newKeyIsKept() {
    assertThat(new KnownVersions().judge(1, 1, 5, "b", 0, 7, 7)).isEqualTo(VersionRule.KEEP);
  }

  @Test
  void returnToAnEarlierContentIsKeptWhenItIsNewer() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 0, 100, 0);
    known.judge(1, 1, 2, "b", 0, 200, 0);

    assertThat(known.judge(1, 1, 3, "b", 0, 100, 0)).isEqualTo(VersionRule.KEEP);
  }

  @Test
  void redeliveryAfterARestatementIsSuperseded() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 0, 100, 0);
    known.judge(1, 1, 2, "b", 0, 200, 0);

    assertThat(known.judge(1, 1, 1, "b", 0, 100, 0)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 2, "b", 0, 200, 0)).isEqualTo(VersionRule.EXACT);
  }

  @Test
  void equalContentThatIsNewerAdvancesTheKnownVersion() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 0, 100, 0);

    assertThat(known.judge(1, 1, 5, "b", 0, 100, 0)).isEqualTo(VersionRule.EXACT_AND_NEWER);
    assertThat(known.judge(1, 1, 4, "b", 0, 200, 0)).isEqualTo(VersionRule.SUPERSEDED);
  }

  @Test
  void tiesAreBrokenByBatchThenSequenceThenContent() {
    KnownVersions known = new KnownVersions();
    known.judge(1, 1, 1, "b", 5, 100, 0);

    assertThat(known.judge(1, 1, 1, "a", 9, 200, 0)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 1, "b", 4, 200, 0)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 1, "b", 5, 99, 0)).isEqualTo(VersionRule.SUPERSEDED);
    assertThat(known.judge(1, 1, 1, "b", 5, 101, 0)).isEqualTo(VersionRule.KEEP);
    assertThat(known.judge(1, 1, 1, "b", 6, 100, 0)).isEqualTo(VersionRule.KEEP);
    assertThat(known.judge(1, 1, 1, "c", 0, 100, 1)).isEqualTo(VersionRule.KEEP);
  }

  @Test
  void everyKeyIsFoundAgainAfterGrowing() {
    KnownVersions known = new KnownVersions();
    Random random = new Random(1);
    List<long[]> keys = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      keys.add(new long[] {random.nextLong() & 0xffff_ffff_0000_00ffL, random.nextLong()});
    }

    keys.forEach(key -> known.judge(key[0], key[1], 1, "b", 0, key[1], 0));

    assertThat(known.size()).isEqualTo(50_000);
    assertThat(keys)
        .allMatch(k -> known.judge(k[0], k[1], 1, "b", 0, k[1], 0) == VersionRule.EXACT);
  }

  /**
   * Random histories of restatements, returns to earlier content, redelivery and disorder; the job
   * is restarted without state now and then and knows only what it kept and marked.
   */
  @Property(tries = 2000)
  void newestKeptContentIsTheNewestContentOfTheHistory(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int length) {
    Random random = new Random(seed);
    List<Row> sent = history(random, length);
    List<Row> tables = new ArrayList<>();
    List<Row> silver = new ArrayList<>();
    KnownVersions known = new KnownVersions();

    for (Row row : sent) {
      if (random.nextInt(10) == 0) {
        known = reload(tables);
      }
      VersionRule verdict = row.judge(known);
      if (verdict == VersionRule.KEEP) {
        silver.add(row);
      }
      if (verdict == VersionRule.KEEP || verdict == VersionRule.EXACT_AND_NEWER) {
        tables.add(row);
      }
    }

    assertThat(newestContent(silver)).isEqualTo(newestContent(sent));
    assertThat(silver).doesNotHaveDuplicates();
  }

  /** A start from the tables decides exactly as the job that never stopped. */
  @Property(tries = 2000)
  void restartWithoutStateChangesNoVerdict(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int length) {
    Random random = new Random(seed);
    KnownVersions steady = new KnownVersions();
    List<Row> tables = new ArrayList<>();

    for (Row row : history(random, length)) {
      VersionRule restarted = row.judge(reload(tables));
      VersionRule verdict = row.judge(steady);

      assertThat(restarted).isEqualTo(verdict);
      if (verdict == VersionRule.KEEP || verdict == VersionRule.EXACT_AND_NEWER) {
        tables.add(row);
      }
    }
  }

  private static KnownVersions reload(List<Row> tables) {
    KnownVersions known = new KnownVersions();
    List<Row> anyOrder = new ArrayList<>(tables);
    Collections.shuffle(anyOrder, new Random(tables.size()));
    anyOrder.forEach(row -> row.judge(known));
    return known;
  }

  private static Map<Long, Long> newestContent(List<Row> rows) {
    Map<Long, Row> newest = new HashMap<>();
    rows.forEach(row -> newest.merge(row.key, row, (a, b) -> Row.ORDER.compare(a, b) >= 0 ? a : b));
    Map<Long, Long> contents = new HashMap<>();
    newest.forEach((key, row) -> contents.put(key, row.content));
    return contents;
  }

  private static List<Row> history(Random random, int length) {
    List<Row> sent = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      if (!sent.isEmpty() && random.nextInt(4) == 0) {
        sent.add(sent.get(random.nextInt(sent.size())));
      } else {
        sent.add(
            new Row(
                random.nextInt(3),
                random.nextInt(8),
                "batch" + random.nextInt(3),
                random.nextInt(3),
                random.nextInt(3)));
      }
    }
    return sent;
  }

  private static final class Row {
    static final Comparator<Row> ORDER =
        Comparator.<Row>comparingLong(row -> row.version)
            .thenComparing(row -> row.batch)
            .thenComparingLong(row -> row.sequence)
            .thenComparingLong(row -> row.content);

    final long key;
    final long version;
    final String batch;
    final long sequence;
    final long content;

    Row(long key, long version, String batch, long sequence, long content) {
      this.key = key;
      this.version = version;
      this.batch = batch;
      this.sequence = sequence;
      this.content = content;
    }

    VersionRule judge(KnownVersions known) {
      return known.judge(key, key, version, batch, sequence, content, content);
    }
  }
}
