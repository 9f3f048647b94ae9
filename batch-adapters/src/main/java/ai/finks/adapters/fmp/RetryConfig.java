package ai.finks.adapters.fmp;

import ai.finks.adapters.core.Settings;
import java.time.Duration;

/**
 * What happens when a call fails in a way that may pass. Keys and defaults: {@code
 * retry.max-attempts} 20, {@code retry.backoff} PT0.25S (doubled each time, with jitter), {@code
 * retry.max-backoff} PT10S, {@code retry.max-pause} PT5M, {@code retry.breaker-failures} 20, {@code
 * retry.breaker-pause} PT15S, {@code retry.give-up-after} PT10M.
 *
 * @param maxAttempts calls for one unit before it is reported as failed
 * @param backoff first wait of a unit
 * @param maxBackoff longest wait of a unit
 * @param maxPause longest wait that the service may ask for by Retry-After; a longer one ends the
 *     execution
 * @param breakerFailures failures in a row, over all units, that open the circuit breaker
 * @param breakerPause how long an open breaker keeps all calls back
 * @param giveUpAfter time without any good answer after which the execution ends
 */
public record RetryConfig(
    int maxAttempts,
    Duration backoff,
    Duration maxBackoff,
    Duration maxPause,
    int breakerFailures,
    Duration breakerPause,
    Duration giveUpAfter) {

  public RetryConfig {
    if (maxBackoff.compareTo(backoff) <= 0) {
      throw Settings.refused("retry.max-backoff", maxBackoff.toString(), "more than retry.backoff");
    }
  }

  static RetryConfig of(Settings settings) {
    return new RetryConfig(
        settings.number("retry.max-attempts", 20, 1),
        settings.duration("retry.backoff", Duration.ofMillis(250)),
        settings.duration("retry.max-backoff", Duration.ofSeconds(10)),
        settings.duration("retry.max-pause", Duration.ofMinutes(5)),
        settings.number("retry.breaker-failures", 20, 1),
        settings.duration("retry.breaker-pause", Duration.ofSeconds(15)),
        settings.duration("retry.give-up-after", Duration.ofMinutes(10)));
  }
}
