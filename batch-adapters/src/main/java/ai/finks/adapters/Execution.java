package ai.finks.adapters;

import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.journal.RunJournal;
import ai.finks.adapters.journal.UnitResult;
import ai.finks.client.RawSinkException;
import ai.finks.client.SendCallback;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a run: sends, counts, and remembers the failure that ends it. Thread-safe.
 *
 * <p>Acknowledgements come in the sink's thread, which must not be stopped by a failure of ours; so
 * such a failure is kept and thrown from the next call of a thread of the adapter.
 */
public final class Execution {
  private static final long PROGRESS_RECORDS = 8192;

  private final RunJournal journal;
  private final IngestContext context;
  private final long beganNanos = System.nanoTime();
  private final long sentBefore;
  private final AtomicLong handedOver = new AtomicLong();
  private final AtomicLong handedOverBytes = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong sentBytes = new AtomicLong();
  private final AtomicInteger unitsDone = new AtomicInteger();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** Begins; the journal must be open. */
  public Execution(RunJournal journal, IngestContext context) {
    this.journal = journal;
    this.context = context;
    this.sentBefore = journal.summary().sent();
    this.unitsDone.set(journal.summary().unitsDone());
  }

  public RunJournal journal() {
    return journal;
  }

  public IngestContext context() {
    return context;
  }

  /** Hands a record to the sink. */
  public void send(RawRecord record, SendCallback callback) {
    context.sink().send(record, callback);
    long records = handedOver.incrementAndGet();
    handedOverBytes.addAndGet(record.payload().length);
    if (records % PROGRESS_RECORDS == 0) {
      tellProgress();
    }
  }

  /** Counts records that the stream acknowledged. */
  public void acknowledged(long records, long bytes) {
    sent.addAndGet(records);
    sentBytes.addAndGet(bytes);
  }

  /** Writes down that a unit is done; may be called by the sink's thread. */
  public void done(int unit, UnitResult result) {
    try {
      journal.done(unit, result);
      unitsDone.incrementAndGet();
      tellProgress();
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Remembers the first failure that ends this execution. */
  public void fail(Exception thrown) {
    failure.compareAndSet(null, thrown);
  }

  public boolean failed() {
    return failure.get() != null;
  }

  /** Throws the failure that ended this execution, if there is one. */
  public void throwFailure() throws IOException, InterruptedException {
    Exception thrown = failure.get();
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof InterruptedException e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown != null) {
      throw new RawSinkException("a record was not acknowledged: " + thrown.getMessage(), thrown);
    }
  }

  /** Waits for all acknowledgements, then finishes the run if every unit is done. */
  public void complete() throws IOException, InterruptedException {
    throwFailure();
    context.sink().flush();
    throwFailure();
    if (journal.summary().unitsDone() == journal.units().size() && !journal.finished()) {
      journal.finish(context.clock().instant());
    }
  }

  /**
   * The report.
   *
   * @param more failures beside those that done units have
   */
  public IngestReport report(List<IngestFailure> more) {
    List<IngestFailure> failed = new ArrayList<>();
    for (int unit = 0; unit < journal.units().size(); unit++) {
      UnitResult result = journal.result(unit);
      if (result != null) {
        failed.addAll(result.failed());
      }
    }
    failed.addAll(more);
    double seconds = Math.round((System.nanoTime() - beganNanos) / 1e6) / 1e3;
    return new IngestReport(
        journal.runId(),
        sent.get(),
        sentBytes.get(),
        seconds,
        failed,
        sentBefore,
        journal.finished());
  }

  private void tellProgress() {
    context
        .listener()
        .progress(
            new IngestProgress(
                handedOver.get(), handedOverBytes.get(), unitsDone.get(), journal.units().size()));
  }
}
