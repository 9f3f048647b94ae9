package ai.finks.stack.trace;

import ai.finks.flink.seal.SealedLayout;
import ai.finks.flink.table.SealedOrder;
import ai.finks.flink.table.TableSchemas;
import ai.finks.schemas.contract.Contract;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;

/**
 * In which files of a snapshot the marks of superseded rows say which row is the newest of its key;
 * in the others the versions of a key have to be compared.
 *
 * <p>Where a key has one period, that is so in each period whose every row has a mark. Else a row
 * without a mark, in whatever period, may be a newer version of any key.
 */
final class SealMarks {
  private final Table table;
  private final boolean keyHoldsPeriod;
  private final Set<String> unmarkedPeriods = new HashSet<>();

  /**
   * @param files all of the snapshot's
   */
  SealMarks(Table table, Contract contract, Collection<FileScanTask> files) {
    this.table = table;
    this.keyHoldsPeriod = SealedLayout.keyHoldsPeriod(contract);
    files.stream()
        .map(FileScanTask::file)
        .filter(file -> !isMarked(file))
        .forEach(file -> unmarkedPeriods.add(period(file)));
  }

  private boolean isMarked(DataFile file) {
    int mark = table.schema().findField(TableSchemas.SUPERSEDED).fieldId();
    return SealedOrder.isSealed(file)
        && file.nullValueCounts() != null
        && Long.valueOf(0).equals(file.nullValueCounts().get(mark));
  }

  private String period(DataFile file) {
    return Objects.requireNonNull(table.specs().get(file.specId()), "spec")
        .partitionToPath(file.partition());
  }

  /** Those of the files in which a row without a true mark is the newest of its key. */
  List<FileScanTask> settled(Collection<FileScanTask> files) {
    return files.stream().filter(file -> isSettled(file.file())).toList();
  }

  /** The others; no version of their keys is in a settled one. */
  List<FileScanTask> unsettled(Collection<FileScanTask> files) {
    return files.stream().filter(file -> !isSettled(file.file())).toList();
  }

  private boolean isSettled(DataFile file) {
    return keyHoldsPeriod ? !unmarkedPeriods.contains(period(file)) : unmarkedPeriods.isEmpty();
  }
}
