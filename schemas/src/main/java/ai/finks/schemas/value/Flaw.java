package ai.finks.schemas.value;

/** Why a value does not become what the contract says. */
public enum Flaw {
  /** There is none, and the field needs one. */
  MISSING,
  /** It is something else: a text where a number is needed, an object, half a character. */
  TYPE_MISMATCH,
  /** It has more decimals than the field, and the binding does not round. */
  SCALE_EXCEEDED,
  /** It is too large or too small for the field's type. */
  OUT_OF_RANGE,
  /** It is not a date, or not written in one of the binding's formats. */
  UNPARSEABLE_DATE,
  /** The zone skips the local time, or has it twice and the binding takes neither. */
  LOCAL_TIME_INVALID,
  /** It is none of the words that the binding knows. */
  UNKNOWN_VALUE
}
