package ai.finks.flink.silver.core;

/** Why a record is refused. The list is closed: dashboards and scripts rely on the names. */
public enum RefusalReason {
  /** The stream's value is not a raw record: wrong wire format, unknown schema, corrupt bytes. */
  ENVELOPE_UNDECODABLE,
  /** No binding says how this source's records meet the contract. */
  UNKNOWN_SOURCE,
  /** The payload is larger than the platform takes. */
  PAYLOAD_TOO_LARGE,
  /** The payload is not UTF-8 text. */
  PAYLOAD_NOT_UTF8,
  /** The payload is not what its format says: truncated, broken, the wrong number of cells. */
  PAYLOAD_MALFORMED,
  /** The payload is nested deeper than the platform takes. */
  PAYLOAD_TOO_DEEP,
  /** A bound member or column stands in the payload twice. */
  PAYLOAD_AMBIGUOUS,
  /** A CSV line came without its header row. */
  HEADER_MISSING,
  /** The array that the binding explodes is not there, or something else is. */
  ARRAY_MISSING,
  /** The exploded array has more elements than the platform takes. */
  TOO_MANY_ELEMENTS,
  /** So many elements of a large record are refused that it is refused as a whole. */
  TOO_MANY_REFUSALS,
  /** A required field has no value. */
  FIELD_MISSING,
  /** A value is of another type than the field's. */
  TYPE_MISMATCH,
  /** A number has more decimals than the field, and the binding does not round. */
  SCALE_EXCEEDED,
  /** A value is too large or too small for the field's type. */
  OUT_OF_RANGE,
  /** A text is not a date or time in any of the binding's formats. */
  UNPARSEABLE_DATE,
  /** The zone's clocks skip the local time, or show it twice and the binding takes neither. */
  LOCAL_TIME_INVALID,
  /** A word is none of those that the binding knows. */
  UNKNOWN_VALUE,
  /** The payload has a field that the binding does not know, and the contract takes none. */
  UNKNOWN_FIELD,
  /** A text of the key has nothing in it but white space. */
  KEY_BLANK,
  /** A check of the contract does not hold. */
  CHECK_FAILED,
  /** A number is too many times larger or smaller than the previous one of its group. */
  IMPLAUSIBLE_CHANGE
}
