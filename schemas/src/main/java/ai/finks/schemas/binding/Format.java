package ai.finks.schemas.binding;

/** How a source's payload is written. */
public enum Format {
  /** One JSON value. */
  JSON,
  /** One line of comma-separated values, its header row in the attribute {@code header}. */
  CSV,
  /** One XML document, for example an Atom feed or one of its entries. */
  XML
}
