package ai.finks.flink.silver.core;

/** A bound field that is not as its source used to send it. */
public final class FieldDrift {

  /** What is other about it. */
  public enum Kind {
    TYPE,
    VANISHED
  }

  private final Kind kind;
  private final String field;

  FieldDrift(Kind kind, String field) {
    this.kind = kind;
    this.field = field;
  }

  public Kind kind() {
    return kind;
  }

  /** A path or column of the payload. */
  public String field() {
    return field;
  }

  @Override
  public String toString() {
    return kind + " " + field;
  }
}
