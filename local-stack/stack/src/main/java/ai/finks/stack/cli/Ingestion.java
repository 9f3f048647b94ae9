package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.RunLineage;
import ai.finks.adapters.journal.RunId;
import ai.finks.adapters.journal.RunRefusedException;
import ai.finks.client.LineageProducer;
import ai.finks.client.RawProducer;
import ai.finks.client.RawProducerConfig;
import ai.finks.client.RawSinkException;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Runs one adapter against a stack. */
final class Ingestion {
  private final FinksHome home;
  private final StackRecord stack;
  private final @Nullable String correlationId;

  Ingestion(FinksHome home, StackRecord stack) {
    this(home, stack, null);
  }

  /**
   * @param correlationId what causes the run; null if it is its own cause
   */
  Ingestion(FinksHome home, StackRecord stack, @Nullable String correlationId) {
    this.home = home;
    this.stack = stack;
    this.correlationId = correlationId;
  }

  /** The given run id, or a new one. */
  static String runId(@Nullable String given, String adapter) {
    try {
      return given != null
          ? RunId.check(given)
          : RunId.create(adapter, Instant.now(), ThreadLocalRandom.current().nextInt());
    } catch (RunRefusedException e) {
      throw CommandFailure.usage("" + e.getMessage());
    }
  }

  /**
   * Runs to the end; what the source refused is in the report. A run whose stack goes away ends at
   * once and can be resumed.
   */
  IngestReport run(BatchAdapter adapter, String runId, IngestListener listener)
      throws InterruptedException {
    RawProducer producer = RawProducer.open(producerConfig(stack));
    Thread running = Thread.currentThread();
    StackWatch watch =
        StackWatch.over(
            stack,
            () -> {
              producer.abandon("the stack on " + home + " is gone");
              running.interrupt();
            });
    try (producer;
        LineageProducer lineage = LineageProducer.open(producerConfig(stack))) {
      return new RunLineage(lineage, correlationId)
          .run(
              adapter,
              new IngestContext(home.folder(), runId, producer, listener, Clock.systemUTC()));
    } catch (RunRefusedException e) {
      throw CommandFailure.usage("" + e.getMessage());
    } catch (RawSinkException | IOException | InterruptedException e) {
      watch.close();
      throw ended(e, watch.gone(), runId);
    } finally {
      watch.close();
    }
  }

  private CommandFailure ended(Exception why, boolean stackIsGone, String runId)
      throws InterruptedException {
    String goOn =
        "\nThe run can go on"
            + (stackIsGone ? " once the stack is up (./finks up" + option() + ")" : "")
            + ": ./finks ingest --run-id "
            + runId
            + option();
    if (stackIsGone) {
      return CommandFailure.platform("The stack on " + home + " is gone." + goOn, why);
    }
    if (why instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    return CommandFailure.platform(why.getMessage() + goOn, why);
  }

  private String option() {
    return RunningStack.homeOption(home);
  }

  static RawProducerConfig producerConfig(StackRecord stack) {
    return RawProducerConfig.of(
        Map.of(
            "bootstrap-servers", stack.url("kafka").orElse(""),
            "registry-url", stack.url("registry").orElse("")));
  }
}
