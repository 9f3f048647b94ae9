package ai.finks.lineage.core;

/** What came is no lineage event, or none that a store can ever take. */
public final class MalformedEventException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedEventException(String message) {
    super(message);
  }
}
