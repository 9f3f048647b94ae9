package ai.finks.flink.seal;

import ai.finks.flink.silver.parquet.ColumnarFormat;
import ai.finks.flink.table.TablePeriod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.util.IOUtils;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the sealed files of one period out of all of its rows: sorts them, marks superseded ones,
 * writes files of the table's target size, and reads these back.
 *
 * <p>Memory: what the sorter was given, and one file's open row group. Used by one thread.
 */
public final class SealedPeriodWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SealedPeriodWriter.class);
  private static final int ROWS_BETWEEN_SIZE_CHECKS = 1000;

  private final SealedLayout layout;
  private final TablePeriod period;
  private final SortMemory memory;
  private final RowDataSerializer serializer;
  private final RowsIdentity added;
  private final RowSorter sorter;
  private final StringData[] levels;
  private final OutputFileFactory places;
  private final PartitionData partition;
  private final ColumnarFormat format;
  private final List<DataFile> written = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private @Nullable DataWriter<RowData> open;
  private int rowsSinceSizeCheck;
  private boolean handedOut;

  SealedPeriodWriter(
      SealedLayout layout, TablePeriod period, SortMemory memory, String operationId) {
    this.layout = layout;
    this.period = period;
    this.memory = memory;
    this.serializer = layout.serializer();
    this.added = new RowsIdentity(layout.superseded());
    this.sorter = new RowSorter(layout.totalOrder(), layout.schema().columns().size(), memory);
    this.levels = period.levels().stream().map(StringData::fromString).toArray(StringData[]::new);
    this.places =
        OutputFileFactory.builderFor(layout.table(), 0, 0)
            .operationId(operationId)
            .format(FileFormat.PARQUET)
            .build();
    this.partition = period.partition(layout.table().spec());
    this.format = layout.format();
  }

  /**
   * Takes a copy of a row of the period; rows come in any order. The mark that it has is forgotten.
   *
   * @throws IllegalArgumentException if it lies in another period
   */
  public void add(RowData row) {
    BinaryRowData binary = serializer.toBinaryRow(row);
    requireInPeriod(binary);
    added.add(binary);
    sorter.add(binary);
  }

  private void requireInPeriod(RowData row) {
    for (int i = 0; i < levels.length; i++) {
      if (!levels[i].equals(row.getString(layout.firstLevel() + i))) {
        throw new IllegalArgumentException(
            "A row of " + period + " lies in " + row.getString(layout.firstLevel() + i));
      }
    }
  }

  /**
   * Writes the files and compares what they hold with what was added.
   *
   * @param spans that were told of all rows of this period
   * @throws IllegalStateException if they do not hold it; nothing of them is left then
   */
  public SealedFiles finish(KeySpans spans) {
    long superseded;
    try (SupersededMarks marks = new SupersededMarks(layout, spans, memory, this::write)) {
      sorter.forEach(marks::add);
      marks.end();
      superseded = marks.superseded();
    }
    endFile();
    SealedFiles files = new SealedFiles(written, readBack(superseded), superseded);
    handedOut = true;
    return files;
  }

  private void write(BinaryRowData row) {
    DataWriter<RowData> file = open;
    if (file == null) {
      file = newFile();
      open = file;
    }
    file.write(row);
    if (++rowsSinceSizeCheck == ROWS_BETWEEN_SIZE_CHECKS) {
      rowsSinceSizeCheck = 0;
      if (file.length() >= layout.targetBytes()) {
        endFile();
      }
    }
  }

  private DataWriter<RowData> newFile() {
    EncryptedOutputFile place = places.newOutputFile(layout.table().spec(), partition);
    begun.add(place.encryptingOutputFile().location());
    return new DataWriter<>(
        format.open(place.encryptingOutputFile()),
        FileFormat.PARQUET,
        place.encryptingOutputFile().location(),
        layout.table().spec(),
        partition,
        place.keyMetadata(),
        layout.order());
  }

  private void endFile() {
    DataWriter<RowData> file = open;
    if (file == null) {
      return;
    }
    open = null;
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Sealed files of " + period + " cannot be written", e);
    }
    written.add(file.toDataFile());
  }

  private RowsIdentity readBack(long superseded) {
    RowsIdentity found = new RowsIdentity(layout.superseded());
    ColumnsOrder order = layout.sealedOrder();
    BinaryRowData previous = null;
    long marked = 0;
    try (CloseableIterable<RowData> rows =
        StoredRows.read(layout.table(), written, layout.schema())) {
      for (RowData row : rows) {
        BinaryRowData binary = serializer.toBinaryRow(row);
        requireInPeriod(binary);
        if (previous != null && order.compare(previous, binary) > 0) {
          throw new IllegalStateException("The sealed files of " + period + " are out of order");
        }
        marked += isMarked(binary) ? 1 : 0;
        found.add(binary);
        previous = previous == null ? binary.copy() : binary.copy(previous);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!found.equals(added) || marked != superseded) {
      throw new IllegalStateException(
          String.format(
              "The sealed files of %s in %s hold %s, %d superseded, instead of %s, %d superseded",
              period, layout.table().name(), found, marked, added, superseded));
    }
    return found;
  }

  private boolean isMarked(RowData row) {
    return !row.isNullAt(layout.superseded()) && row.getBoolean(layout.superseded());
  }

  /** Removes what was not handed out. */
  @Override
  public void close() {
    sorter.close();
    if (!handedOut) {
      discard();
    }
    format.close();
  }

  /** What led here matters more than what is left behind: orphans are removed one day. */
  private void discard() {
    IOUtils.closeQuietly(open);
    open = null;
    for (String file : begun) {
      try {
        layout.table().io().deleteFile(file);
      } catch (RuntimeException e) {
        LOG.warn("File {} of a seal that failed was not removed", file, e);
      }
    }
  }
}
