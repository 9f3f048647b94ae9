package ai.finks.flink.seal;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.CloseableIterable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the sealed files of periods, several at a time. */
final class SealWork {
  private static final Logger LOG = LoggerFactory.getLogger(SealWork.class);
  private static final long PATIENCE_SECONDS = 60;

  private final Contract contract;
  private final SealOptions options;
  private final String sealId;
  private int round;

  SealWork(Contract contract, SealOptions options, String sealId) {
    this.contract = contract;
    this.options = options;
    this.sealId = sealId;
  }

  /**
   * Writes these periods and adds what became of them to those that were written before.
   *
   * @throws RuntimeException what the first one failed with; files of it are removed, those of the
   *     others are left to orphan removal
   */
  void write(
      SealedLayout layout,
      SealedPeriods periods,
      Set<TablePeriod> wanted,
      Map<TablePeriod, PeriodReport> written) {
    KeySpans spans = spans(layout, periods, wanted);
    String operation = sealId + "-" + round++;
    ExecutorService threads = Executors.newFixedThreadPool(options.threads(), SealWork::thread);
    try {
      List<Future<PeriodReport>> running = new ArrayList<>();
      for (TablePeriod period : new TreeSet<>(wanted)) {
        List<DataFile> files = periods.files(period);
        running.add(threads.submit(() -> write(layout, period, files, spans, operation)));
      }
      for (Future<PeriodReport> report : running) {
        written.put(report.get().period(), report.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while sealing", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw new IllegalStateException("Sealing failed", e.getCause());
    } finally {
      end(threads);
    }
  }

  /** Nobody writes on when this returns: scratch folder and catalog are taken away from them. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Threads of a seal that ended have not ended in {} s", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "finks-seal");
    thread.setDaemon(true);
    return thread;
  }

  private static KeySpans spans(
      SealedLayout layout, SealedPeriods periods, Set<TablePeriod> wanted) {
    KeySpans spans = KeySpans.of(layout);
    wanted.forEach(period -> spans.written(layout.table(), period, periods.files(period)));
    periods
        .all()
        .forEach(
            (period, files) -> {
              if (!wanted.contains(period)) {
                spans.staying(layout.table(), files);
              }
            });
    return spans;
  }

  private PeriodReport write(
      SealedLayout layout,
      TablePeriod period,
      List<DataFile> files,
      KeySpans spans,
      String operation) {
    RowGate gate = new RowGate(contract, layout.schema());
    try (SealedPeriodWriter writer = layout.open(period, options.memory(), operation);
        CloseableIterable<RowData> rows = StoredRows.read(layout.table(), files, layout.schema())) {
      for (RowData row : rows) {
        if (Thread.currentThread().isInterrupted()) {
          throw new IllegalStateException("Interrupted while sealing " + period);
        }
        gate.check(row);
        writer.add(row);
      }
      if (!gate.failures().isEmpty()) {
        return PeriodReport.held(period, files, gate.failures());
      }
      SealedFiles sealed = writer.finish(spans);
      FaultPoints.pass("seal.period-written");
      return PeriodReport.sealed(period, files, sealed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
