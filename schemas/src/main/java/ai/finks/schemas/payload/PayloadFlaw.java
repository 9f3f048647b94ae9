package ai.finks.schemas.payload;

/** Why a payload cannot be taken apart. */
public enum PayloadFlaw {
  /** More bytes than {@link RecordReader#MAX_PAYLOAD_BYTES}. */
  TOO_LARGE,
  /** Bytes that are not UTF-8. */
  NOT_UTF8,
  /** Not what its format says: broken or truncated JSON, an open quote, too few or many cells. */
  MALFORMED,
  /** Nested deeper than {@link RecordReader#MAX_DEPTH}. */
  TOO_DEEP,
  /** A bound member or column stands there twice, so that its value is ambiguous. */
  DUPLICATE_MEMBER,
  /** An array that is exploded has more than {@link RecordReader#MAX_ELEMENTS} elements. */
  TOO_MANY_ELEMENTS,
  /** A CSV line without the header row that names its cells. */
  HEADER_MISSING
}
