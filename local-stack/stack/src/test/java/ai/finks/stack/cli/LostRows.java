package ai.finks.stack.cli;

import static org.apache.iceberg.expressions.Expressions.and;
import static org.apache.iceberg.expressions.Expressions.equal;

import ai.finks.flink.seal.Seal;
import ai.finks.flink.seal.SealOptions;
import ai.finks.flink.table.LakeTables;
import ai.finks.stack.chaos.HarmedFile;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;

/** Seals months, and takes rows of one away as if its file had been damaged: it stays sealed. */
final class LostRows {
  private LostRows() {}

  /** Seals the past months of bars. */
  static void seal(Path home) throws IOException {
    try (Lake lake = Lake.open(FinksHome.at(home))) {
      new Seal(
              lake.load(LakeTables.silver("bars")),
              Bindings.catalog(FinksHome.at(home)).contract("bars").orElseThrow(),
              SealOptions.of(FinksHome.at(home).scratch()),
              "seal-of-a-test")
          .run(Instant.now(), null, done -> {});
    }
  }

  /** Every third row of bars of that month; returns how many those are. */
  static long ofBars(Path home, String year, String month) throws IOException {
    Expression period = and(equal("year", year), equal("month", month));
    try (Lake lake = Lake.open(FinksHome.at(home))) {
      Table bars = lake.load(LakeTables.silver("bars"));
      OverwriteFiles overwrite = bars.newOverwrite();
      DataFile any = null;
      try (CloseableIterable<FileScanTask> tasks = bars.newScan().filter(period).planFiles()) {
        for (FileScanTask task : tasks) {
          any = task.file();
          overwrite.deleteFile(any);
        }
      }
      if (any == null) {
        throw new AssertionError("no bars of " + year + "-" + month);
      }
      long lost = 0;
      long read = 0;
      DataWriter<Record> kept = HarmedFile.writer(bars, any);
      try (CloseableIterable<Record> rows = IcebergGenerics.read(bars).where(period).build()) {
        for (Record row : rows) {
          if (read++ % 3 == 0) {
            lost++;
          } else {
            kept.write(row);
          }
        }
      }
      kept.close();
      overwrite.addFile(kept.toDataFile()).commit();
      return lost;
    }
  }
}
