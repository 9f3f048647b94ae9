package ai.finks.stack.cli;

import ai.finks.client.LineageProducer;
import ai.finks.client.RawSinkException;
import ai.finks.schemas.lineage.LineageEvents;
import ai.finks.schemas.lineage.RunFacts;
import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells the lineage topic of the runs of a command, if a stack is up that has one. A run that
 * cannot be told of runs all the same; after the first that nobody took, the command waits for no
 * other.
 */
final class RunTelling implements AutoCloseable {
  private final Optional<LineageProducer> producer;
  private final Consumer<String> warnings;
  private final LineageEvents events = new LineageEvents();
  private boolean unheard;

  private RunTelling(Optional<LineageProducer> producer, Consumer<String> warnings) {
    this.producer = producer;
    this.warnings = warnings;
  }

  /** For the stack on a home; tells nobody when none is up. */
  static RunTelling on(FinksHome home, Consumer<String> warnings) {
    try {
      return new RunTelling(
          StackProcess.findLiving(home)
              .filter(stack -> stack.state() == StackRecord.State.UP)
              .map(stack -> LineageProducer.open(Ingestion.producerConfig(stack))),
          warnings);
    } catch (IOException e) {
      return new RunTelling(Optional.empty(), warnings);
    }
  }

  void started(RunFacts run) {
    tell(run, events.started(run));
  }

  void completed(RunFacts run) {
    tell(run, events.completed(run));
  }

  /**
   * @param why which kind of failure; never a value of a record
   */
  void failed(RunFacts run, String why) {
    tell(run, events.failed(run, why));
  }

  /** Nothing is told any more: who would hear it is gone. */
  void giveUp() {
    unheard = true;
  }

  /** Something that a run does. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T done() throws E;
  }

  /**
   * Does the work of a run, and tells that it started and how it ended.
   *
   * @param came what is told of the outcome: names and numbers, no values of records
   */
  <T, E extends Exception> T of(
      RunFacts run, Work<T, E> work, Function<T, Map<String, Object>> came) throws E {
    return of(run, work, came, outcome -> Optional.empty());
  }

  /**
   * The same of a run that may come to an end and have failed.
   *
   * @param failure which kind of failure an outcome is; empty for a good one
   */
  <T, E extends Exception> T of(
      RunFacts run,
      Work<T, E> work,
      Function<T, Map<String, Object>> came,
      Function<T, Optional<String>> failure)
      throws E {
    started(run);
    boolean ended = false;
    try {
      T outcome = work.done();
      RunFacts done = run.ended(Instant.now(), came.apply(outcome));
      failure.apply(outcome).ifPresentOrElse(why -> failed(done, why), () -> completed(done));
      ended = true;
      return outcome;
    } finally {
      if (!ended) {
        failed(run.ended(Instant.now(), Map.of()), "the run was broken off");
      }
    }
  }

  private void tell(RunFacts run, byte[] event) {
    if (producer.isEmpty() || unheard) {
      return;
    }
    try {
      producer.get().send(run.runId(), event);
      producer.get().flush();
    } catch (RawSinkException e) {
      unheard = true;
      warnings.accept("lineage: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    producer.ifPresent(LineageProducer::close);
  }
}
