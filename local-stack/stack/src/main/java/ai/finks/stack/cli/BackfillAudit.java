package ai.finks.stack.cli;

import ai.finks.flink.replay.ReplayResult;
import ai.finks.flink.replay.core.ContractChoice;
import ai.finks.flink.replay.core.ReplayOrder;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.replay.io.ReplayTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.stack.cli.BackfillLog.Chunk;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Holds the chunks of a backfill against Silver, each by a replay of the offsets that it was sent
 * to. Each chunk has one replay at a time: one that was interrupted is gone on with, one that was
 * stopped is left alone until it is resumed or thrown away.
 */
final class BackfillAudit {
  private static final String STOPPED = ReplayResult.State.STOPPED.label();
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private final ReplayRun run;
  private final BackfillLog log;
  private final String backfillId;
  private final Consumer<String> progress;
  private final Consumer<String> warnings;

  BackfillAudit(
      ReplayRun run,
      BackfillLog log,
      String backfillId,
      Consumer<String> progress,
      Consumer<String> warnings) {
    this.run = run;
    this.log = log;
    this.backfillId = backfillId;
    this.progress = progress;
    this.warnings = warnings;
  }

  /**
   * Audits every chunk that was sent as a whole.
   *
   * @return whether nothing was objected to
   */
  boolean run() throws Exception {
    boolean good = true;
    for (Chunk chunk : log.chunks()) {
      if (chunk.ends != null) {
        ObjectNode outcome = audit(chunk);
        if (outcome.path("state").asText().equals(STOPPED)) {
          good = false;
          warnings.accept(
              String.format(
                  "Chunk %s to %s: %s. It stays staged; ./finks replay %s --resume %s",
                  chunk.from,
                  chunk.to,
                  outcome.path("objection").asText(),
                  run.contract().entity(),
                  outcome.path("replay_id").asText()));
        }
      }
    }
    return good;
  }

  private ObjectNode audit(Chunk chunk) throws Exception {
    ObjectNode known = chunk.outcome;
    boolean stopped = known != null && known.path("state").asText().equals(STOPPED);
    if (known != null && !stopped) {
      return known;
    }
    Optional<ReplayPlan> begun = begun(chunk);
    if (known != null && begun.isPresent()) {
      return known;
    }
    ObjectNode outcome;
    if (chunk.offsets().isEmpty()) {
      outcome = CommonOptions.JSON.createObjectNode();
      outcome.put("state", ReplayResult.State.UNCHANGED.label()).put("records", 0);
    } else {
      outcome = replay(chunk, begun.isPresent() ? begun.get() : plan(chunk));
    }
    log.audited(chunk, outcome);
    return outcome;
  }

  /** What is staged of the chunk's replay, if contract, bindings and code are the same still. */
  private Optional<ReplayPlan> begun(Chunk chunk) throws IOException {
    if (chunk.replayId == null) {
      return Optional.empty();
    }
    ReplayTables tables = new ReplayTables(run.lake().catalog(), chunk.replayId);
    Optional<ReplayPlan> begun = tables.plan();
    String now = run.choice(ContractChoice.LIVE).applied();
    if (begun.isPresent() && !begun.get().contract().applied().equals(now)) {
      run.discard(chunk.replayId);
      return Optional.empty();
    }
    return begun;
  }

  private ReplayPlan plan(Chunk chunk) throws Exception {
    Map<String, Map<Integer, OffsetRange>> offsets = chunk.offsets();
    String entity = run.contract().entity();
    ReplayPlan plan =
        run.plan(
            new ReplayOrder(
                    ReplayCommand.newId(entity),
                    entity,
                    days(chunk, run.contract().zone()),
                    run.choice(ContractChoice.LIVE),
                    Set.copyOf(offsets.keySet()))
                .of(offsets));
    log.auditing(chunk, plan.id());
    return plan;
  }

  private ObjectNode replay(Chunk chunk, ReplayPlan plan) throws Exception {
    ReplayResult result = run.run(plan, false, 1, backfillId);
    progress.accept(
        String.format(
            "chunk %s to %s: %s %s",
            chunk.from, chunk.to, result.state().label(), result.audit().rows()));
    return ReplayView.result(result);
  }

  private static ReplayRange days(Chunk chunk, ZoneId zone) {
    return ReplayRange.of(
        ReplayRange.By.EVENT,
        chunk.from.atStartOfDay(zone).toEpochSecond() * MICROS_PER_SECOND,
        chunk.to.plusDays(1).atStartOfDay(zone).toEpochSecond() * MICROS_PER_SECOND);
  }
}
