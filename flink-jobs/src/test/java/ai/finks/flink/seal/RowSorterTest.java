package ai.finks.flink.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.writer.BinaryRowWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowSorterTest {
  private static final int LEAST_MEMORY = 64 << 10;

  /** Ten times as many runs as are merged at a time. */
  private static final int ROWS = 640;

  @TempDir Path scratch;
  private long comparisons;

  @Test
  void eachRowIsMergedOncePerGrowthOfTheRunsNumber() {
    try (RowSorter sorter = sorterThatSpillsEachRow()) {
      for (int i = 0; i < ROWS; i++) {
        sorter.add(row(i * 7919 % ROWS, LEAST_MEMORY));
      }
      List<Integer> sorted = new ArrayList<>();
      sorter.forEach(row -> sorted.add(row.getInt(0)));

      assertThat(sorted).isEqualTo(IntStream.range(0, ROWS).boxed().collect(Collectors.toList()));
      // A row goes through a heap of 64 runs, then through one of 10. If each merge took in all of
      // what came before, rows would be merged five times on average.
      assertThat(comparisons).isLessThan(22_000);
    }
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftOfRowsThatTheDiskHasNoRoomFor() throws IOException {
    Path file = scratch.resolve("rows.spill");
    SpilledRows rows = new SpilledRows(file, 2, RowSorterTest::fullDisk);
    rows.add(row(1, 10));
    assertThat(file).exists();

    // The row is in a buffer, which cannot be written out any more.
    rows.close();

    assertThat(scratch).isEmptyDirectory();
  }

  private static OutputStream fullDisk(Path file) throws IOException {
    Files.createFile(file);
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        throw new IOException("No space left on device");
      }
    };
  }

  private RowSorter sorterThatSpillsEachRow() {
    Comparator<RowData> order = Comparator.comparingInt(row -> row.getInt(0));
    return new RowSorter(
        (one, other) -> {
          comparisons++;
          return order.compare(one, other);
        },
        2,
        SortMemory.of(scratch, LEAST_MEMORY));
  }

  private static BinaryRowData row(int value, int bytes) {
    BinaryRowData row = new BinaryRowData(2);
    BinaryRowWriter writer = new BinaryRowWriter(row);
    writer.writeInt(0, value);
    writer.writeBinary(1, new byte[bytes]);
    writer.complete();
    return row;
  }
}
