package ai.finks.schemas.raw;

/** Why bytes are not a raw record. */
public enum Undecodable {
  /** No value at all: a tombstone. */
  EMPTY,
  /** The bytes do not begin with a header of the wire format in use. */
  NOT_WIRE_FORMAT,
  /** The registry does not know the schema that the header names. */
  UNKNOWN_SCHEMA,
  /** The writer's schema cannot be read as a raw record. */
  INCOMPATIBLE_SCHEMA,
  /**
   * The bytes cannot be uncompressed, end early, hold impossible lengths or go on behind the
   * record.
   */
  CORRUPT
}
