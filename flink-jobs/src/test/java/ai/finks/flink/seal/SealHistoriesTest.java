package ai.finks.flink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.seal.SealBed.Stored;
import ai.finks.flink.seal.SealBed.Trade;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of appends, seals and replacements, with others' commits in between: all rows
 * stay, and the newest versions can be told by the marks alone.
 */
class SealHistoriesTest {
  static final Comparator<Trade> VERSIONS =
      Comparator.comparingLong(Trade::version).thenComparingLong(Trade::offset);

  private static final long FIRST_SEED = Long.getLong("seal-histories.seed", 1);
  private static final int COUNT = Integer.getInteger("seal-histories.count", 25);

  @TempDir Path scratch;

  @Test
  void newestVersionsAreThoseOfAPlainModelWhateverHappened() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
      Random random = new Random(seed);
      try (SealBed bed = new SealBed(random.nextBoolean(), scratch)) {
        List<String> steps = new ArrayList<>();
        live(bed, random, steps, "seed " + seed + ": ");
      }
    }
  }

  private static void live(SealBed bed, Random random, List<String> steps, String seed) {
    List<Trade> sent = new ArrayList<>();
    for (int left = 4 + random.nextInt(8); left > 0; left--) {
      switch (random.nextInt(6)) {
        case 0:
        case 1:
          steps.add("append");
          append(bed, random, sent);
          break;
        case 2:
          steps.add("seal");
          bed.sealAll();
          break;
        case 3:
          steps.add("seal one");
          bed.seal().run(SealBed.NOW, SealBed.period(1 + random.nextInt(4)), done -> {});
          break;
        case 4:
          steps.add("append beside seal");
          SealTest.beside(bed, () -> append(bed, random, sent));
          bed.sealAll();
          bed.lake().inject(ai.finks.flink.table.LakeTables.silver("trades"), null);
          break;
        default:
          steps.add("replace beside seal");
          SealTest.beside(bed, () -> replace(bed, random, sent));
          bed.sealAll();
          bed.lake().inject(ai.finks.flink.table.LakeTables.silver("trades"), null);
      }
      List<Stored> rows = bed.rows();
      assertThat(rows.stream().map(Stored::trade))
          .as(seed + steps)
          .containsExactlyInAnyOrderElementsOf(sent);
      assertThat(newestByMarks(rows))
          .as(seed + steps)
          .containsExactlyInAnyOrderElementsOf(SealTest.newestOf(sent).values());
    }
  }

  private static void append(SealBed bed, Random random, List<Trade> sent) {
    List<Trade> trades = new ArrayList<>();
    for (int left = 1 + random.nextInt(6); left > 0; left--) {
      trades.add(random(bed, random, 1 + random.nextInt(4)));
    }
    bed.append(trades);
    sent.addAll(trades);
  }

  /** Of a sealed month some rows go, and others come. */
  private static void replace(SealBed bed, Random random, List<Trade> sent) {
    if (bed.periods().sealed().isEmpty()) {
      return;
    }
    var period = bed.periods().sealed().first();
    int month = Integer.parseInt(period.levels().get(1));
    List<Trade> rows = new ArrayList<>(sent.stream().filter(t -> t.month() == month).toList());
    rows.remove(random.nextInt(rows.size()));
    rows.add(random(bed, random, month));
    SealTest.replace(bed, period, rows);
    sent.removeIf(trade -> trade.month() == month);
    sent.addAll(rows);
  }

  private static Trade random(SealBed bed, Random random, int month) {
    return bed.trade(
        random.nextBoolean() ? "desk" : "floor",
        "T" + random.nextInt(4),
        month,
        1 + random.nextInt(50),
        1 + random.nextInt(9));
  }

  /**
   * What readers do: a row with a mark is superseded or the newest; keys of rows without one are
   * looked at, together with their marked rows.
   */
  private static List<Trade> newestByMarks(List<Stored> rows) {
    List<Trade> unsure = new ArrayList<>();
    List<Trade> sure = new ArrayList<>();
    for (Stored row : rows) {
      if (row.superseded() == null) {
        unsure.add(row.trade());
      } else if (!row.superseded()) {
        sure.add(row.trade());
      }
    }
    List<String> keys = unsure.stream().map(Trade::key).toList();
    List<Trade> newest = new ArrayList<>();
    sure.forEach(trade -> (keys.contains(trade.key()) ? unsure : newest).add(trade));
    newest.addAll(SealTest.newestOf(unsure).values());
    return newest;
  }
}
