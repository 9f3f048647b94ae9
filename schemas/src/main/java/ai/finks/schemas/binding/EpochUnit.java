package ai.finks.schemas.binding;

/** What a number of an epoch counts since 1970. */
public enum EpochUnit {
  SECONDS(1_000_000L),
  MILLIS(1_000L),
  MICROS(1L);

  private final long micros;

  EpochUnit(long micros) {
    this.micros = micros;
  }

  /** How many microseconds one unit has. */
  public long micros() {
    return micros;
  }
}
