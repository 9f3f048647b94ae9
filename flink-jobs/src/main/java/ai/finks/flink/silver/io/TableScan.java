package ai.finks.flink.silver.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.TableScanUtil;

/**
 * Reads some columns of a table's present snapshot with several threads. Files whose statistics
 * rule out the filter are left out; the rows of the others are all given, those that do not fit
 * too.
 */
final class TableScan {
  private static final long SPLIT_BYTES = 32L << 20;
  private static final int MOST_THREADS = 4;

  private final Table table;
  private final Expression files;
  private final Schema columns;

  TableScan(Table table, Expression files, List<String> columns) {
    this.table = table;
    this.files = files;
    this.columns = table.schema().select(columns);
  }

  /**
   * Gives every row to the consumer of the thread that read it. A record is overwritten by the
   * next.
   */
  void read(Supplier<Consumer<Record>> consumers) {
    List<FileScanTask> tasks = plan();
    int threads =
        Math.min(tasks.size(), Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
    if (threads <= 1) {
      Consumer<Record> rows = consumers.get();
      tasks.forEach(task -> read(task, rows));
      return;
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads, TableScan::daemon);
    try {
      AtomicInteger next = new AtomicInteger();
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        readers.add(pool.submit(() -> readSome(tasks, next, consumers.get())));
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while reading " + table.name(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Reading " + table.name() + " failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private List<FileScanTask> plan() {
    List<FileScanTask> tasks = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned =
        TableScanUtil.splitFiles(table.newScan().filter(files).planFiles(), SPLIT_BYTES)) {
      planned.forEach(tasks::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tasks;
  }

  private void readSome(List<FileScanTask> tasks, AtomicInteger next, Consumer<Record> rows) {
    for (int task = next.getAndIncrement();
        task < tasks.size() && !Thread.currentThread().isInterrupted();
        task = next.getAndIncrement()) {
      read(tasks.get(task), rows);
    }
  }

  private void read(FileScanTask task, Consumer<Record> rows) {
    if (!task.deletes().isEmpty()) {
      throw new IllegalStateException(
          table.name() + " has delete files, which no writer of ours makes: " + task.deletes());
    }
    try (CloseableIterable<Record> records =
        Parquet.read(table.io().newInputFile(task.file().location()))
            .split(task.start(), task.length())
            .project(columns)
            .reuseContainers()
            .createReaderFunc(written -> GenericParquetReaders.buildReader(columns, written))
            .build()) {
      records.forEach(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "finks-known-versions");
    thread.setDaemon(true);
    return thread;
  }
}
