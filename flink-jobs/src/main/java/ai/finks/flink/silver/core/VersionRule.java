package ai.finks.flink.silver.core;

/**
 * What becomes of a row whose key may be known already.
 *
 * <p>The newest version wins, whatever the order of arrival: a row is kept if and only if it is
 * newer than the key's known version and its content differs from the known content. Dropping
 * whatever was seen before, or whatever equals the last row, gives wrong newest values under
 * redelivery.
 */
public enum VersionRule {
  /** New key, or newer with other content: the row goes to Silver. */
  KEEP,
  /** Same content, newer: a duplicate, but its version must be remembered. */
  EXACT_AND_NEWER,
  /** Same content, not newer: a duplicate. */
  EXACT,
  /** Other content, not newer: a duplicate that came too late. */
  SUPERSEDED;

  public boolean isKept() {
    return this == KEEP;
  }
}
