package ai.finks.stack.chaos;

import static org.apache.iceberg.expressions.Expressions.alwaysTrue;
import static org.apache.iceberg.expressions.Expressions.and;
import static org.apache.iceberg.expressions.Expressions.equal;

import ai.finks.flink.seal.SealedPeriods;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TablePeriod;
import ai.finks.stack.chaos.RecordMaker.Stream;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;

/**
 * Takes rows of a sealed month away, as if its file had been damaged, and leaves it sealed.
 *
 * <p>Only versions that newer ones have superseded: these alone no job ever asks for again, so that
 * the live one decides as before, even if it starts meanwhile.
 */
final class LostVersions {
  private LostVersions() {}

  /**
   * Harms one of the months.
   *
   * @return how many rows are gone
   * @throws PlatformFailure if none of the months is sealed and has a superseded version
   */
  static long of(Lake lake, Stream stream, Collection<TablePeriod> months) {
    Table table = lake.load(LakeTables.silver(stream.entity()));
    SealedPeriods periods = SealedPeriods.of(table);
    Collection<Record> newest = SilverVerdicts.newest(stream, read(table, alwaysTrue()));
    for (TablePeriod month : months) {
      if (periods.sealed().contains(month)) {
        Expression ofMonth =
            and(equal("year", month.levels().get(0)), equal("month", month.levels().get(1)));
        List<Record> rows = read(table, ofMonth);
        List<Record> kept = new ArrayList<>(rows);
        kept.removeIf(row -> newest.stream().noneMatch(row::equals));
        if (kept.isEmpty()) {
          // A month without rows would be no sealed one.
          kept.add(rows.get(0));
        }
        if (kept.size() < rows.size()) {
          replace(table, periods.files(month), kept);
          return rows.size() - kept.size();
        }
      }
    }
    throw new PlatformFailure(
        "No month of "
            + months
            + " is sealed and has superseded rows; sealed: "
            + periods.sealed());
  }

  private static List<Record> read(Table table, Expression filter) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> read = IcebergGenerics.read(table).where(filter).build()) {
      read.forEach(rows::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private static void replace(Table table, List<DataFile> files, List<Record> rows) {
    DataFile like = files.get(0);
    OverwriteFiles overwrite = table.newOverwrite();
    files.forEach(overwrite::deleteFile);
    try (DataWriter<Record> writer = HarmedFile.writer(table, like)) {
      rows.forEach(writer::write);
      writer.close();
      overwrite.addFile(writer.toDataFile()).commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
