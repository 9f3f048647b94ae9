package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.journal.RunId;
import ai.finks.adapters.journal.RunRefusedException;
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

  Ingestion(FinksHome home, StackRecord stack) {
    this.home = home;
    this.stack = stack;
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

  /** Runs to the end; what the source refused is in the report. */
  IngestReport run(BatchAdapter adapter, String runId, IngestListener listener)
      throws InterruptedException {
    try (RawProducer producer = RawProducer.open(producerConfig(stack))) {
      return adapter.run(
          new IngestContext(home.folder(), runId, producer, listener, Clock.systemUTC()));
    } catch (RunRefusedException e) {
      throw CommandFailure.usage("" + e.getMessage());
    } catch (RawSinkException | IOException e) {
      throw CommandFailure.platform(
          e.getMessage()
              + "\nThe run can go on: ./finks ingest --run-id "
              + runId
              + RunningStack.homeOption(home),
          e);
    }
  }

  static RawProducerConfig producerConfig(StackRecord stack) {
    return RawProducerConfig.of(
        Map.of(
            "bootstrap-servers", stack.url("kafka").orElse(""),
            "registry-url", stack.url("registry").orElse("")));
  }
}
