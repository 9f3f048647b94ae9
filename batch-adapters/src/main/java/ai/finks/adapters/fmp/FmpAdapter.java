package ai.finks.adapters.fmp;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.Execution;
import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.RawStream;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.journal.RunJournal;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes bars or quotes from FMP into their raw topic.
 *
 * <p>Each call is a unit. Its response lies on disk, whole, before the first element is sent, so an
 * interrupted run sends the very same elements again, and only those of units under way. Symbols
 * that FMP refuses or does not know are in the report; a refused key or a service that is down ends
 * the execution with its other units untried, and the same run id goes on later.
 */
public final class FmpAdapter implements BatchAdapter {
  private static final ZoneId EXCHANGE_ZONE = ZoneId.of("America/New_York");

  private final FmpConfig config;
  private final FmpRequest request;
  private final RawStream stream;

  private FmpAdapter(FmpConfig config, FmpRequest request, RawStream stream) {
    this.config = config;
    this.request = request;
    this.stream = stream;
  }

  /**
   * @param config how to talk to FMP
   * @param request what to ask for
   * @param stream where it goes
   */
  public static FmpAdapter of(FmpConfig config, FmpRequest request, RawStream stream) {
    return new FmpAdapter(config, request, stream);
  }

  @Override
  public String name() {
    return "fmp." + request.entity().entityName;
  }

  @Override
  public Map<String, String> asked() {
    Map<String, String> args = new TreeMap<>(request.args());
    args.put("service", config.service());
    return args;
  }

  @Override
  public IngestReport run(IngestContext context) throws IOException, InterruptedException {
    Map<String, String> args = asked();
    LocalDate today = context.clock().instant().atZone(EXCHANGE_ZONE).toLocalDate();
    try (RunJournal journal =
        RunJournal.open(
            context.home(), context.runId(), name(), args, () -> request.units(today))) {
      context.listener().started(context.runId(), journal.resumed(), config.baseUrl().toString());
      Execution execution = new Execution(journal, context);
      List<IngestFailure> unfinished = List.of();
      if (!journal.finished()) {
        unfinished = work(execution);
        execution.complete();
      }
      return execution.report(unfinished);
    }
  }

  private List<IngestFailure> work(Execution execution) throws IOException, InterruptedException {
    try (FmpClient client = new FmpClient(config, execution.context().clock())) {
      UnitWorkers workers =
          new UnitWorkers(
              execution,
              new UnitSender(execution, stream, config),
              client,
              request,
              config.maxElementBytes());
      List<IngestFailure> unfinished = workers.run(config.parallel());
      if (unfinished.isEmpty() && !execution.failed()) {
        new EmptySymbols(execution, client, request, config.maxElementBytes()).failUnknown();
      }
      return unfinished;
    }
  }
}
