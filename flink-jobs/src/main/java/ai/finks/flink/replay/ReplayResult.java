package ai.finks.flink.replay;

import ai.finks.flink.replay.core.ReplayAudit;
import ai.finks.flink.replay.core.ReplayPlan;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a replay ended. Immutable. */
public final class ReplayResult {
  /** The ways to end. */
  public enum State {
    /** The tables say now what the replay says. */
    PUBLISHED,
    /** They said so before; nothing was committed. */
    UNCHANGED,
    /**
     * They lack rows of open periods, and nothing was committed: the live job has taken the records
     * of these rows as duplicates since it started, and would again.
     */
    DECIDED,
    /** The audit objects; what is staged stays until it is resumed or discarded. */
    STOPPED;

    /** As documents name it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final State state;
  private final ReplayPlan plan;
  private final ReplayAudit audit;
  private final @Nullable String objection;
  private final long decided;
  private final SortedMap<String, Long> filled;

  private ReplayResult(
      State state,
      ReplayPlan plan,
      ReplayAudit audit,
      @Nullable String objection,
      long decided,
      SortedMap<String, Long> filled) {
    this.state = state;
    this.plan = plan;
    this.audit = audit;
    this.objection = objection;
    this.decided = decided;
    this.filled = filled;
  }

  static ReplayResult published(
      ReplayPlan plan, ReplayAudit audit, long decided, SortedMap<String, Long> filled) {
    return new ReplayResult(State.PUBLISHED, plan, audit, null, decided, new TreeMap<>(filled));
  }

  static ReplayResult unchanged(ReplayPlan plan, ReplayAudit audit, long decided) {
    State state = decided > 0 ? State.DECIDED : State.UNCHANGED;
    return new ReplayResult(state, plan, audit, null, decided, new TreeMap<>());
  }

  static ReplayResult stopped(ReplayPlan plan, ReplayAudit audit, String objection) {
    return new ReplayResult(State.STOPPED, plan, audit, objection, 0, new TreeMap<>());
  }

  /** Records of missing rows that were not sent again, since the live job would not take them. */
  public long decided() {
    return decided;
  }

  /**
   * What became of the records that were sent through the live job again: how many went which way.
   */
  public SortedMap<String, Long> filled() {
    return Collections.unmodifiableSortedMap(filled);
  }

  public State state() {
    return state;
  }

  public ReplayPlan plan() {
    return plan;
  }

  public ReplayAudit audit() {
    return audit;
  }

  /** Why it was stopped. */
  public Optional<String> objection() {
    return Optional.ofNullable(objection);
  }
}
