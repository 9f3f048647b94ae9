package ai.finks.schemas.lineage;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a run when it starts and when it ends. No values of records: parameters are those
 * that a user gave, counts are numbers.
 *
 * @param runId the run
 * @param correlationId what this run and all that follows from it have in common; its own id for a
 *     run that nothing else caused
 * @param kind {@code ingest}, {@code produce}, {@code gold}, {@code replay}, {@code seal}, …
 * @param job what ran, for example {@code fmp.bars}
 * @param at when it started, or ended
 * @param asked parameters
 * @param came what came of it: counts, bytes, checksums; empty at the start
 * @param from what was read: tables, or the source
 * @param to what was written: topics or tables
 */
public record RunFacts(
    String runId,
    String correlationId,
    String kind,
    String job,
    Instant at,
    Map<String, String> asked,
    Map<String, Object> came,
    List<String> from,
    List<String> to) {

  public RunFacts {
    asked = Map.copyOf(asked);
    came = Map.copyOf(came);
    from = List.copyOf(from);
    to = List.copyOf(to);
  }

  /** A run that starts now. */
  public static RunFacts of(String runId, String kind, String job, Instant at) {
    return new RunFacts(runId, runId, kind, job, at, Map.of(), Map.of(), List.of(), List.of());
  }

  /** The same, caused by what that id stands for; by nothing else for null. */
  public RunFacts correlatedTo(@Nullable String id) {
    return new RunFacts(
        runId, Objects.requireNonNullElse(id, runId), kind, job, at, asked, came, from, to);
  }

  /** The same with its parameters, and what it reads and writes. */
  public RunFacts asking(Map<String, String> parameters, List<String> reads, List<String> writes) {
    return new RunFacts(runId, correlationId, kind, job, at, parameters, came, reads, writes);
  }

  /** The same when it ended, with what came of it. */
  public RunFacts ended(Instant when, Map<String, Object> outcome) {
    return new RunFacts(runId, correlationId, kind, job, when, asked, outcome, from, to);
  }
}
