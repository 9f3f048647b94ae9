package ai.finks.flink.replay.core;

import java.util.Objects;

/** By which contract a replay goes. Immutable. */
public final class ContractChoice {
  /** The one that the running jobs apply. */
  public static final String LIVE = "live";

  /** The one in the checkout. */
  public static final String CURRENT = "current";

  private final String label;
  private final int version;
  private final String applied;

  /**
   * @param label {@link #LIVE} or {@link #CURRENT}
   * @param version the contract's version
   */
  public ContractChoice(String label, int version) {
    this(label, version, "");
  }

  /**
   * @param applied changes with whatever decides what becomes of a record: contract, bindings, code
   */
  public ContractChoice(String label, int version, String applied) {
    if (!label.equals(LIVE) && !label.equals(CURRENT)) {
      throw new IllegalArgumentException("'" + label + "' is neither live nor current");
    }
    this.label = Objects.requireNonNull(label);
    this.version = version;
    this.applied = applied;
  }

  /** What is applied, so that a replay which goes on can tell whether it is still the same. */
  public String applied() {
    return applied;
  }

  public String label() {
    return label;
  }

  public int version() {
    return version;
  }
}
