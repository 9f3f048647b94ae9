package ai.finks.adapters.files;

import ai.finks.adapters.Execution;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.journal.UnitResult;
import ai.finks.client.SendCallback;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Follows a file's acknowledgements, which come in any order, by chunks of records: the journal
 * learns of a chunk when it and all before it are with the stream. Memory goes with the number of
 * chunks under way, not of records.
 */
final class FileAcknowledgements {
  private static final int CHUNK_RECORDS = 16_384;
  private static final int MAX_LISTED_FAILURES = 1000;

  private final Execution execution;
  private final int unit;
  private final String name;
  private final List<IngestFailure> failed;
  private final ArrayDeque<Chunk> underWay = new ArrayDeque<>();
  private long sent;
  private long bytes;
  private long unlisted;
  private boolean allHandedOver;
  private Chunk open;

  FileAcknowledgements(Execution execution, int unit) {
    this.execution = execution;
    this.unit = unit;
    this.name = execution.journal().units().get(unit).name();
    UnitResult before = execution.journal().soFar(unit);
    this.sent = before.sent();
    this.bytes = before.bytes();
    this.failed = new ArrayList<>(before.failed());
    this.open = new Chunk();
    underWay.add(open);
  }

  /** The callback for the next record, which the caller will hand over now. */
  SendCallback expect() {
    open.pending.incrementAndGet();
    return open;
  }

  /** The record that was expected last was handed over. */
  void handedOver(long sequence, long payloadBytes) {
    open.records++;
    open.bytes += payloadBytes;
    next(sequence);
  }

  /** The record that was expected last could not be handed over. */
  void refused(long sequence, IngestFailure failure) {
    open.pending.decrementAndGet();
    skipped(sequence, failure);
  }

  /** A record was not even tried. */
  void skipped(long sequence, IngestFailure failure) {
    open.failed.add(failure);
    next(sequence);
  }

  /** There are no more records in the file, or none that can be read. */
  void end(@Nullable IngestFailure failure) {
    if (failure != null) {
      open.failed.add(failure);
    }
    Chunk last = open;
    synchronized (this) {
      allHandedOver = true;
    }
    last.countDown();
  }

  private void next(long sequence) {
    open.through = sequence;
    open.size++;
    if (open.size == CHUNK_RECORDS) {
      Chunk full = open;
      open = new Chunk();
      synchronized (this) {
        underWay.add(open);
      }
      full.countDown();
    }
  }

  private synchronized void advance() {
    long newRecords = 0;
    long newBytes = 0;
    long through = -1;
    while (!underWay.isEmpty() && underWay.peek().pending.get() == 0) {
      Chunk complete = underWay.remove();
      newRecords += complete.records;
      newBytes += complete.bytes;
      through = complete.through;
      list(complete.failed);
    }
    sent += newRecords;
    bytes += newBytes;
    execution.acknowledged(newRecords, newBytes);
    UnitResult soFar = new UnitResult(sent, bytes, failed);
    if (allHandedOver && underWay.isEmpty()) {
      if (unlisted > 0) {
        failed.add(IngestFailure.of(name, unlisted + " more records failed"));
        soFar = new UnitResult(sent, bytes, failed);
      }
      execution.done(unit, soFar);
    } else if (through >= 0) {
      note(soFar, through);
    }
  }

  // A journal line holds what failed so far, so there must be an end to it.
  private void list(List<IngestFailure> more) {
    for (IngestFailure failure : more) {
      if (failed.size() < MAX_LISTED_FAILURES) {
        failed.add(failure);
      } else {
        unlisted++;
      }
    }
  }

  private void note(UnitResult soFar, long through) {
    try {
      execution.journal().acknowledge(unit, soFar, through);
    } catch (IOException e) {
      execution.fail(e);
    }
  }

  /** Some records in a row; the count of those under way has one more until it is full. */
  private final class Chunk implements SendCallback {
    final AtomicInteger pending = new AtomicInteger(1);
    final List<IngestFailure> failed = new ArrayList<>();
    int size;
    long records;
    long bytes;
    long through = -1;

    @Override
    public void completed(@Nullable Exception failure) {
      if (failure != null) {
        // The count never reaches zero, so nothing behind it is noted as sent.
        execution.fail(failure);
      } else {
        countDown();
      }
    }

    void countDown() {
      if (pending.decrementAndGet() == 0) {
        advance();
      }
    }
  }
}
