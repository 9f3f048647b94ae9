package ai.finks.schemas.contract;

/** What happens to a record whose payload has fields that the binding does not know. */
public enum Drift {
  /** It lands; the unknown fields are counted, and may become columns when the contract grows. */
  EVOLVE,
  /** It lands flagged, and the contract takes no new, renamed or widened fields. */
  FREEZE,
  /** It is refused. */
  QUARANTINE
}
