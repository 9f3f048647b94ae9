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
  private final SortedMap<String, Long> filled;

  private ReplayResult(
      State state,
      ReplayPlan plan,
      ReplayAudit audit,
      @Nullable String objection,
      SortedMap<String, Long> filled) {
    this.state = state;
    this.plan = plan;
    this.audit = audit;
    this.objection = objection;
    this.filled = filled;
  }

  static ReplayResult published(
      ReplayPlan plan, ReplayAudit audit, SortedMap<String, Long> filled) {
    return new ReplayResult(State.PUBLISHED, plan, audit, null, new TreeMap<>(filled));
  }

  static ReplayResult unchanged(ReplayPlan plan, ReplayAudit audit) {
    return new ReplayResult(State.UNCHANGED, plan, audit, null, new TreeMap<>());
  }

  static ReplayResult stopped(ReplayPlan plan, ReplayAudit audit, String objection) {
    return new ReplayResult(State.STOPPED, plan, audit, objection, new TreeMap<>());
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
