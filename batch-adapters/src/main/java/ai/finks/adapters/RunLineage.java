package ai.finks.adapters;

import ai.finks.client.LineageProducer;
import ai.finks.client.RawSinkException;
import ai.finks.schemas.lineage.LineageEvents;
import ai.finks.schemas.lineage.RunFacts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs an adapter and tells of it: what was asked for when it starts, what came back when it ends.
 * A run whose events cannot be sent runs all the same; its listener hears of it.
 */
public final class RunLineage {
  private final LineageProducer producer;
  private final @Nullable String correlationId;
  private final LineageEvents events = new LineageEvents();

  /**
   * @param correlationId what caused the run; null if it is its own cause
   */
  public RunLineage(LineageProducer producer, @Nullable String correlationId) {
    this.producer = producer;
    this.correlationId = correlationId;
  }

  /** As {@link BatchAdapter#run}. */
  public IngestReport run(BatchAdapter adapter, IngestContext context)
      throws IOException, InterruptedException {
    CheckedSink sink = new CheckedSink(context.sink());
    RunFacts run =
        RunFacts.of(context.runId(), "ingest", adapter.name(), context.clock().instant())
            .correlatedTo(correlationId)
            .asking(adapter.asked(), List.of(adapter.name()), List.of());
    tell(context, events.started(run));
    boolean told = false;
    try {
      IngestReport report =
          adapter.run(
              new IngestContext(
                  context.home(), context.runId(), sink, context.listener(), context.clock()));
      RunFacts ended =
          run.asking(run.asked(), run.from(), sink.topics())
              .ended(context.clock().instant(), came(sink, report));
      told = true;
      tell(
          context,
          report.finished()
              ? events.completed(ended)
              : events.failed(ended, "some of what was asked for is missing and may yet come"));
      return report;
    } finally {
      if (!told) {
        RunFacts broken =
            run.asking(run.asked(), run.from(), sink.topics())
                .ended(context.clock().instant(), came(sink, null));
        tell(context, events.failed(broken, "the run was broken off and can be resumed"));
      }
    }
  }

  private static Map<String, Object> came(CheckedSink sink, @Nullable IngestReport report) {
    Map<String, Object> came = new TreeMap<>();
    came.put("records", sink.records());
    came.put("bytes", sink.bytes());
    came.put("checksum", "crc32c-sum:" + sink.checksum());
    if (report != null) {
      came.put("acknowledged", report.sent());
      came.put("failed", (long) report.failed().size());
      came.put("sent_before", report.sentBefore());
    }
    return came;
  }

  private void tell(IngestContext context, byte[] event) {
    try {
      producer.send(context.runId(), event);
      producer.flush();
    } catch (RawSinkException e) {
      context.listener().note("lineage: " + e.getMessage());
    }
  }
}
