package ai.finks.flink.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.seal.SealBed.Stored;
import ai.finks.flink.seal.SealBed.Trade;
import ai.finks.flink.table.SealedOrder;
import ai.finks.flink.table.TablePeriod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedPeriodWriterTest {
  private static final TablePeriod MARCH = SealBed.period(3);

  @TempDir Path scratch;

  @Test
  void periodLargerThanMemoryIsSortedMarkedAndLeavesNothingInTheScratchFolder() throws Exception {
    try (SealBed bed = new SealBed(true, scratch)) {
      List<Trade> trades = new ArrayList<>();
      for (int i = 0; i < 12_000; i++) {
        trades.add(bed.trade(i % 3 == 0 ? "desk" : "floor", "T" + i % 4_000, 3, 1000 + i, i + 1));
      }
      Collections.shuffle(trades, new Random(7));

      SealedFiles sealed = write(bed, trades, 64 << 10, KeySpans.NONE);
      publish(bed.load(), sealed.files());

      // About 5 MB of rows through 64 KiB of memory: more runs than are merged at a time.
      List<Stored> rows = bed.rows();
      assertThat(rows.stream().map(Stored::trade)).containsExactlyInAnyOrderElementsOf(trades);
      assertThat(rows).extracting(row -> row.trade().id()).isSorted();
      assertThat(sealed.superseded()).isEqualTo(12_000 - 8_000);
      assertThat(newest(rows)).containsExactlyInAnyOrderElementsOf(newestOf(trades));
      assertThat(bed.periods().sealed()).containsExactly(MARCH);
      assertEmpty(scratch);
    }
  }

  @Test
  void keyWithMoreVersionsThanMemoryIsMarkedAll() throws Exception {
    try (SealBed bed = new SealBed(true, scratch)) {
      List<Trade> trades = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        trades.add(bed.trade("desk", "same", 3, 1 + i * 7919 % 2003, i + 1));
      }

      SealedFiles sealed = write(bed, trades, 64 << 10, KeySpans.NONE);
      publish(bed.load(), sealed.files());

      assertThat(sealed.superseded()).isEqualTo(1_999);
      assertThat(newest(bed.rows())).containsExactlyElementsOf(newestOf(trades));
      assertEmpty(scratch);
    }
  }

  @Test
  void filesEndAtTheTargetSizeAndCarryTheSealedOrder() {
    try (SealBed bed = new SealBed(true, scratch)) {
      Table table = bed.load();
      table
          .updateProperties()
          .set(TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, Integer.toString(64 << 10))
          .commit();
      List<Trade> trades = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        trades.add(bed.trade("desk", "T" + i * 7919 % 10_007, 3, i, 1 + i * 104_729L % 99_991));
      }

      List<DataFile> files = write(bed, trades, 64 << 20, KeySpans.NONE).files();

      assertThat(files).hasSizeGreaterThan(1).allMatch(SealedOrder::isSealed);
      assertThat(files).allMatch(file -> file.fileSizeInBytes() < 192 << 10);
      assertThat(bed.load().sortOrder().isUnsorted()).as("the default order").isTrue();
    }
  }

  @Test
  void keyOfSeveralPeriodsIsLeftWithoutAMark() {
    try (SealBed bed = new SealBed(false, scratch)) {
      Trade alone = bed.trade("desk", "alone", 3, 1, 10);
      Trade older = bed.trade("desk", "moved", 3, 1, 10);
      Trade newerHere = bed.trade("desk", "moved", 3, 2, 20);
      Trade elsewhere = bed.trade("desk", "moved", 4, 3, 30);
      List<DataFile> april = bed.append(List.of(elsewhere));
      List<DataFile> march = SealBed.write(bed.load(), List.of(alone, older, newerHere));
      KeySpans spans = KeySpans.of(SealedLayout.of(bed.load(), bed.contract()));
      spans.written(bed.load(), MARCH, march);
      spans.staying(bed.load(), april);

      publish(bed.load(), write(bed, List.of(older, alone, newerHere), 1 << 20, spans).files());

      assertThat(bed.rows())
          .containsExactlyInAnyOrder(
              new Stored(alone, false),
              new Stored(older, true),
              new Stored(newerHere, null),
              new Stored(elsewhere, null));
    }
  }

  @Test
  void moreKeysThanAreRememberedCountAsKeysOfSeveralPeriods() {
    try (SealBed bed = new SealBed(false, scratch)) {
      List<Trade> trades =
          List.of(bed.trade("desk", "a", 3, 1, 10), bed.trade("desk", "b", 3, 1, 10));
      KeySpans spans = KeySpans.of(SealedLayout.of(bed.load(), bed.contract()), 1);
      spans.written(bed.load(), MARCH, SealBed.write(bed.load(), trades));

      publish(bed.load(), write(bed, trades, 1 << 20, spans).files());

      assertThat(bed.rows()).extracting(Stored::superseded).containsExactly(null, null);
    }
  }

  @Test
  void rowOfAnotherPeriodIsRefusedAndNothingIsLeft() throws IOException {
    try (SealBed bed = new SealBed(true, scratch)) {
      Trade april = bed.trade("desk", "a", 4, 1, 10);

      assertThatThrownBy(() -> write(bed, List.of(april), 1 << 20, KeySpans.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2025-03");
      assertEmpty(scratch);
    }
  }

  @Test
  void periodIsOverWhenItEndedInTheZoneOfTheContract() {
    ZoneId newYork = ZoneId.of("America/New_York");

    assertThat(TablePeriod.parse("2025-12").isOver(newYork, Instant.parse("2026-01-01T04:59:59Z")))
        .isFalse();
    assertThat(TablePeriod.parse("2025-12").isOver(newYork, Instant.parse("2026-01-01T05:00:00Z")))
        .isTrue();
    assertThat(
            TablePeriod.parse("2026-03-08").isOver(newYork, Instant.parse("2026-03-09T04:00:00Z")))
        .as("a day of 23 hours")
        .isTrue();
    assertThat(TablePeriod.parse("2025").isOver(newYork, Instant.parse("2025-12-31T23:00:00Z")))
        .isFalse();
    assertThatThrownBy(() -> TablePeriod.parse("2025-13")).hasMessageContaining("2025-13");
  }

  private SealedFiles write(SealBed bed, List<Trade> trades, long memory, KeySpans spans) {
    SealedLayout layout = SealedLayout.of(bed.load(), bed.contract());
    try (SealedPeriodWriter writer = layout.open(MARCH, SortMemory.of(scratch, memory), "seal-1")) {
      trades.forEach(trade -> writer.add(SealBed.row(trade)));
      return writer.finish(spans);
    }
  }

  private static void publish(Table table, List<DataFile> files) {
    var append = table.newAppend();
    files.forEach(append::appendFile);
    append.commit();
  }

  private static List<Trade> newest(List<Stored> rows) {
    return rows.stream().filter(row -> !row.superseded()).map(Stored::trade).toList();
  }

  private static List<Trade> newestOf(List<Trade> trades) {
    return trades.stream()
        .collect(
            Collectors.toMap(
                Trade::key, trade -> trade, (a, b) -> a.version() > b.version() ? a : b))
        .values()
        .stream()
        .toList();
  }

  private static void assertEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}
