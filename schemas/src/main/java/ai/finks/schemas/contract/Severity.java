package ai.finks.schemas.contract;

/** What a failed check means for the row. */
public enum Severity {
  /** The row goes to quarantine. */
  REFUSE,
  /** The row lands with the check's name in its warnings. */
  WARN
}
