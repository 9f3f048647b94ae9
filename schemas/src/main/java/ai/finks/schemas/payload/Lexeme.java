package ai.finks.schemas.payload;

/** What was found where a value was looked for. */
public enum Lexeme {
  /** Nothing. */
  ABSENT,
  /** An explicit null. */
  NULL,
  /** A text: a JSON string, a CSV cell, an attribute. */
  TEXT,
  /** A JSON number, as it is written. */
  NUMBER,
  TRUE,
  FALSE,
  OBJECT,
  ARRAY,
  /** The way to the value ends early: something else stands where an object should. */
  BLOCKED
}
