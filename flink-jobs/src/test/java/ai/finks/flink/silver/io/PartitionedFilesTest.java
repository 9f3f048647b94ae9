package ai.finks.flink.silver.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionedFilesTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 5);

  @TempDir Path home;
  private SilverTable silver;

  @BeforeEach
  void createTable() {
    silver = new SilverTable(home);
  }

  @AfterEach
  void close() throws IOException {
    silver.close();
  }

  @Test
  void rowsScatteredOverAYearMakeOneFilePerDay() {
    Random random = new Random(5);
    try (PartitionedFiles files = files(silver.load(), Long.MAX_VALUE)) {
      for (int i = 0; i < 8000; i++) {
        files.write(SilverTable.row(DAY.minusDays(random.nextInt(365)), DAY, i));
      }

      List<DataFile> written = files.complete();

      assertThat(written).extracting(DataFile::partition).hasSize(365).doesNotHaveDuplicates();
      assertThat(written.stream().mapToLong(DataFile::recordCount).sum()).isEqualTo(8000);
    }
  }

  @Test
  void fileEndsAtTheTargetSizeOfTheTable() {
    long target = 1 << 20;
    Table table = silver.load();
    table
        .updateProperties()
        .set(TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, Long.toString(target))
        .commit();
    try (PartitionedFiles files = files(table, Long.MAX_VALUE)) {
      for (int i = 0; i < 200_000; i++) {
        files.write(SilverTable.row(DAY, DAY, i));
      }

      List<DataFile> written = files.complete();

      assertThat(written).hasSizeGreaterThan(1);
      assertThat(written).allMatch(file -> file.fileSizeInBytes() < 1.05 * target);
      assertThat(written.subList(0, written.size() - 1))
          .allMatch(file -> file.fileSizeInBytes() > 0.4 * target);
    }
  }

  @Test
  void openFilesAreBoundedInBytes() {
    long bound = 1 << 20;
    try (PartitionedFiles files = files(silver.load(), bound)) {
      for (int i = 0; i < 60_000; i++) {
        files.write(SilverTable.row(DAY.minusDays(i % 10), DAY, i));
      }

      assertThat(files.complete()).as("ended early, the largest first").hasSizeBetween(11, 60);
    }
  }

  @Test
  void periodIsLateWhenItWasOverForTwoDaysAtIngest() {
    LatePeriods late = new LatePeriods(silver.load());

    assertThat(late.isLate(SilverTable.row(DAY, DAY, 1))).isFalse();
    assertThat(late.isLate(SilverTable.row(DAY, DAY.plusDays(2), 1))).isFalse();
    assertThat(late.isLate(SilverTable.row(DAY, DAY.plusDays(3), 1))).isTrue();
    assertThat(late.isLate(SilverTable.row(DAY.plusDays(9), DAY, 1))).isFalse();
  }

  private static PartitionedFiles files(Table table, long maxOpenBytes) {
    return new PartitionedFiles(table, 0, 0, maxOpenBytes);
  }
}
