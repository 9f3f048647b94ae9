package ai.finks.stack.embedded;

import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.ProcessIdentity;
import ai.finks.stack.home.StackRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/** Where the parts of a starting stack write down what they reached, for others to read. */
final class StackBoard {
  private final FinksHome home;
  private StackRecord record;

  StackBoard(FinksHome home, StackRecord record) {
    this.home = home;
    this.record = record;
    update(same -> same);
  }

  void enter(StackRecord.State state) {
    update(current -> current.in(state));
  }

  void fail(String why) {
    update(current -> current.failed(why));
  }

  void done(String step, long startedNanos) {
    long millis = (System.nanoTime() - startedNanos) / 1_000_000;
    update(current -> current.with(new StackRecord.Step(step, millis)));
  }

  void component(String name, String url, ProcessIdentity process) {
    update(current -> current.with(new StackRecord.Component(name, url, process)));
  }

  void component(String name, String url) {
    component(name, url, record.process());
  }

  void job(String name, String id) {
    update(current -> current.with(new StackRecord.Job(name, id)));
  }

  /** A job that is about to be stopped on purpose, to be replaced by another one. */
  void replacing(String name) {
    update(current -> current.without(name));
  }

  private synchronized void update(UnaryOperator<StackRecord> change) {
    record = change.apply(record);
    try {
      record.write(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
