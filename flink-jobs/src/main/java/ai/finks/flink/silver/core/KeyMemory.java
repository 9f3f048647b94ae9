package ai.finks.flink.silver.core;

/** What is known of one stream partition's keys: versions, and values to compare with. */
public final class KeyMemory {
  private final KnownVersions versions;
  private final PreviousValues previousValues;

  public KeyMemory(KnownVersions versions, PreviousValues previousValues) {
    this.versions = versions;
    this.previousValues = previousValues;
  }

  /** Without checks against previous values. */
  public static KeyMemory of(KnownVersions versions) {
    return new KeyMemory(versions, new PreviousValues(0));
  }

  public KnownVersions versions() {
    return versions;
  }

  public PreviousValues previousValues() {
    return previousValues;
  }
}
