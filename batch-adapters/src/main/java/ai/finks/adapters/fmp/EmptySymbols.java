package ai.finks.adapters.fmp;

import ai.finks.adapters.Execution;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.core.JsonArraySplitter;
import ai.finks.adapters.journal.RunUnit;
import ai.finks.adapters.journal.UnitResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells symbols that FMP does not know from those that have nothing in the range, as it answers
 * both with an empty array: a symbol that it knows has a quote. Whatever it finds is written into
 * the journal, so that a later execution says the same.
 */
final class EmptySymbols {
  private final Execution execution;
  private final FmpClient client;
  private final FmpRequest request;
  private final int maxElementBytes;

  EmptySymbols(Execution execution, FmpClient client, FmpRequest request, int maxElementBytes) {
    this.execution = execution;
    this.client = client;
    this.request = request;
    this.maxElementBytes = maxElementBytes;
  }

  /** Fails the first unit of each symbol of which all calls succeeded, and that is not known. */
  void failUnknown() throws IOException, InterruptedException {
    Map<String, Integer> firstUnits = new LinkedHashMap<>();
    Map<String, Boolean> empty = new LinkedHashMap<>();
    for (int unit = 0; unit < execution.journal().units().size(); unit++) {
      RunUnit planned = execution.journal().units().get(unit);
      String symbol = String.valueOf(planned.parameters().get("symbol"));
      UnitResult result = execution.journal().result(unit);
      boolean nothing = result != null && result.sent() == 0 && result.failed().isEmpty();
      firstUnits.putIfAbsent(symbol, unit);
      empty.merge(symbol, nothing, Boolean::logicalAnd);
    }
    for (Map.Entry<String, Boolean> symbol : empty.entrySet()) {
      int unit = firstUnits.getOrDefault(symbol.getKey(), 0);
      if (symbol.getValue() && !isKnown(symbol.getKey(), unit)) {
        IngestFailure failure = new IngestFailure(symbol.getKey(), "no data", 200);
        execution.journal().done(unit, new UnitResult(0, 0, List.of(failure)));
      }
    }
  }

  /** False also if FMP refuses to say. */
  private boolean isKnown(String symbol, int unit) throws IOException, InterruptedException {
    if (request.entity() == FmpRequest.Entity.QUOTES) {
      return false;
    }
    Path spool = execution.journal().spool(unit);
    Path file = spool.resolveSibling(spool.getFileName() + ".quote");
    try {
      client.fetch(FmpRequest.Entity.QUOTES.path, Map.of("symbol", symbol), file);
      try (InputStream in = Files.newInputStream(file)) {
        return new JsonArraySplitter(in, maxElementBytes).next();
      }
    } catch (FmpException e) {
      return false;
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
