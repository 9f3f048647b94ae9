package ai.finks.flink.replay.core;

import java.util.Locale;

/** How what a replay gives reaches a period. */
public enum PeriodMode {
  /** The period is sealed: its files are replaced in one commit. */
  REPLACE,
  /** The live job writes the period: what is missing is sent again, and it takes it. */
  FILL;

  /** As documents name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
