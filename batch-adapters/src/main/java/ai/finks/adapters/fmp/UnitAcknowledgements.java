package ai.finks.adapters.fmp;

import ai.finks.adapters.Execution;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.journal.UnitResult;
import ai.finks.client.SendCallback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts a unit's acknowledgements; with the last one the unit is done and its file goes. */
final class UnitAcknowledgements implements SendCallback {
  private final Execution execution;
  private final int unit;
  private final Path file;
  // One more than the records under way until all were handed over.
  private final AtomicLong pending = new AtomicLong(1);
  private volatile @Nullable UnitResult result;

  UnitAcknowledgements(Execution execution, int unit, Path file) {
    this.execution = execution;
    this.unit = unit;
    this.file = file;
  }

  /** Announces a record, ahead of handing it over. */
  void expect() {
    pending.incrementAndGet();
  }

  /** Takes back the announcement of a record that was not handed over. */
  void forget() {
    pending.decrementAndGet();
  }

  /** All records were handed over. */
  void handedOver(long records, long bytes, List<IngestFailure> failed) {
    result = new UnitResult(records, bytes, failed);
    countDown();
  }

  @Override
  public void completed(@Nullable Exception failure) {
    if (failure != null) {
      // The count never reaches zero, so the unit is not done.
      execution.fail(failure);
      return;
    }
    countDown();
  }

  private void countDown() {
    if (pending.decrementAndGet() > 0) {
      return;
    }
    // Set before the count could reach zero.
    UnitResult outcome = Objects.requireNonNull(result);
    execution.acknowledged(outcome.sent(), outcome.bytes());
    execution.done(unit, outcome);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      execution.fail(e);
    }
  }
}
