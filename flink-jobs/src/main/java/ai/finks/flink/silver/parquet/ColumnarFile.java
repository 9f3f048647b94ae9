package ai.finks.flink.silver.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.shaded.org.apache.parquet.column.ParquetProperties;
import org.apache.iceberg.shaded.org.apache.parquet.column.page.PageWriter;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetFileWriter;
import org.jspecify.annotations.Nullable;

/**
 * One Parquet file that takes rows and writes columns: values are kept by column, in arrays of
 * primitives, until a page is full; then each column is encoded in one go.
 *
 * <p>Memory: a page of each column ({@value #PAGE_ROWS} rows, {@value #PAGE_BYTES} bytes or one
 * row), and the compressed pages of the row group.
 */
public final class ColumnarFile implements FileAppender<RowData> {
  static final int PAGE_ROWS = 4096;
  static final int PAGE_BYTES = 2 << 20;

  private static final Metrics NO_ROWS = new Metrics(0L, null, null, null, null);

  private final ColumnarFormat format;
  private final OutputFile target;
  private final ColumnBuffer[] columns;
  private final PageWriter[] pages;
  private @Nullable ColumnChunkPageWriteStore rowGroup;
  private @Nullable ParquetFileWriter writer;
  private int rowGroups;
  private long rowsInGroup;
  private long writtenBytes;
  private @Nullable DirectColumns direct;
  private long pageBytes;
  private int rowsInPage;
  private boolean closed;

  ColumnarFile(ColumnarFormat format, OutputFile target, ColumnBuffer[] columns) {
    this.format = format;
    this.target = target;
    this.columns = columns;
    this.pages = new PageWriter[columns.length];
  }

  /**
   * Takes a row; nothing of it is looked at after the call but its texts, which must not change.
   */
  @Override
  public void add(RowData row) {
    pageBytes += row instanceof DirectRow ? addDirect((DirectRow) row) : addAny(row);
    if (++rowsInPage == PAGE_ROWS || pageBytes >= PAGE_BYTES) {
      writePages();
      if (groupBytes() >= format.rowGroupBytes()) {
        writeRowGroup();
      }
    }
  }

  private int addAny(RowData row) {
    if (direct != null) {
      direct.settle();
    }
    int bytes = 0;
    for (ColumnBuffer column : columns) {
      bytes += column.add(row);
    }
    return bytes;
  }

  private int addDirect(DirectRow row) {
    DirectColumns known = direct;
    if (known == null) {
      known = new DirectColumns(columns, row);
      direct = known;
    }
    return known.add(row);
  }

  private void writePages() {
    if (direct != null) {
      direct.settle();
    }
    try {
      if (rowGroup == null) {
        openRowGroup();
      }
      for (int i = 0; i < columns.length; i++) {
        columns[i].writePage(pages[i]);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    rowsInGroup += rowsInPage;
    rowsInPage = 0;
    pageBytes = 0;
  }

  private void openRowGroup() {
    ParquetProperties parquet = format.parquet();
    ColumnChunkPageWriteStore store =
        new ColumnChunkPageWriteStore(
            format.compressor(),
            format.message(),
            parquet.getAllocator(),
            parquet.getColumnIndexTruncateLength(),
            parquet.getPageWriteChecksumEnabled(),
            null,
            rowGroups++);
    rowGroup = store;
    for (int i = 0; i < pages.length; i++) {
      pages[i] = store.getPageWriter(format.columns().get(i).descriptor());
    }
  }

  private void writeRowGroup() {
    ColumnChunkPageWriteStore store = rowGroup;
    if (store == null) {
      return;
    }
    try {
      ParquetFileWriter file = writer == null ? create() : writer;
      writer = file;
      file.startBlock(rowsInGroup);
      for (int i = 0; i < columns.length; i++) {
        columns[i].endChunk(pages[i]);
      }
      store.flushToFileWriter(file);
      file.endBlock();
      writtenBytes = file.getPos();
    } catch (IOException e) {
      throw failed(e);
    }
    store.close();
    rowGroup = null;
    rowsInGroup = 0;
  }

  private ParquetFileWriter create() throws IOException {
    ParquetFileWriter file =
        new ParquetFileWriter(
            new ParquetOutput(target),
            format.message(),
            ParquetFileWriter.Mode.OVERWRITE,
            format.rowGroupBytes(),
            0,
            null,
            format.parquet());
    file.start();
    return file;
  }

  private long groupBytes() {
    if (rowGroup == null) {
      return 0;
    }
    long bytes = 0;
    for (PageWriter column : pages) {
      bytes += column.getMemSize();
    }
    return bytes;
  }

  /** The file's length; about what it will be while it is open. */
  @Override
  public long length() {
    return closed ? writtenBytes : writtenBytes + groupBytes() + pageBytes;
  }

  @Override
  public Metrics metrics() {
    requireClosed();
    return writer == null
        ? NO_ROWS
        : FooterMetrics.of(format.columns(), writer.getFooter().getBlocks());
  }

  /** Where the row groups begin; null for a file without rows, which was never created. */
  @Override
  public @Nullable List<Long> splitOffsets() {
    requireClosed();
    return writer == null ? null : ParquetUtil.getSplitOffsets(writer.getFooter());
  }

  private void requireClosed() {
    if (!closed) {
      throw new IllegalStateException(target.location() + " is still open");
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (rowsInPage > 0) {
      writePages();
    }
    writeRowGroup();
    if (writer != null) {
      writer.end(format.footer());
      writtenBytes = writer.getPos();
    }
    format.recycle(columns);
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("Cannot write " + target.location(), e);
  }
}
