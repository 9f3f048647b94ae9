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

  /**
   * @param label {@link #LIVE} or {@link #CURRENT}
   * @param version the contract's version
   */
  public ContractChoice(String label, int version) {
    if (!label.equals(LIVE) && !label.equals(CURRENT)) {
      throw new IllegalArgumentException("'" + label + "' is neither live nor current");
    }
    this.label = Objects.requireNonNull(label);
    this.version = version;
  }

  public String label() {
    return label;
  }

  public int version() {
    return version;
  }
}
