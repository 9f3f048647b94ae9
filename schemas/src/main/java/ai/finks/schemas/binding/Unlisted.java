package ai.finks.schemas.binding;

/** What becomes of a word that a field's {@code values} do not list. */
public enum Unlisted {
  /** The value is refused. */
  REFUSE,
  /** It stays as it is. */
  KEEP,
  /** It is no value. */
  ABSENT
}
