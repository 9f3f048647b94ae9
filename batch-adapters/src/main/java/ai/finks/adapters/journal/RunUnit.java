package ai.finks.adapters.journal;

import java.util.Map;

/**
 * A piece of a run that is fetched, sent and remembered as one, and makes one batch.
 *
 * @param name as users know it, for example {@code AAPL}
 * @param parameters all that is needed to fetch it; no secrets
 */
public record RunUnit(String name, Map<String, String> parameters) {

  public RunUnit {
    parameters = Map.copyOf(parameters);
  }
}
