package ai.finks.flink.silver.function;

import ai.finks.flink.table.Counts;
import java.util.TreeMap;

/**
 * What became of the records of the current range. Read + exploded = silver + quarantine +
 * duplicates + filtered, at every moment between two records.
 */
public final class RangeCounts {
  private long read;
  private long outcomes;
  private long silver;
  private long quarantine;
  private long filtered;
  private long duplicatesExact;
  private long duplicatesSuperseded;
  private long warned;

  public void read() {
    read++;
  }

  public void silver(boolean withWarnings) {
    outcomes++;
    silver++;
    if (withWarnings) {
      warned++;
    }
  }

  public void quarantine() {
    outcomes++;
    quarantine++;
  }

  public void filtered() {
    outcomes++;
    filtered++;
  }

  public void duplicateExact() {
    outcomes++;
    duplicatesExact++;
  }

  public void duplicateSuperseded() {
    outcomes++;
    duplicatesSuperseded++;
  }

  /** The counts so far; counting begins again at zero. */
  public Counts take() {
    TreeMap<String, Long> counts = new TreeMap<>();
    counts.put("read", read);
    counts.put("exploded", outcomes - read);
    counts.put("silver", silver);
    counts.put("quarantine", quarantine);
    counts.put("duplicates", duplicatesExact + duplicatesSuperseded);
    counts.put("filtered", filtered);
    counts.put("duplicates_exact", duplicatesExact);
    counts.put("duplicates_superseded", duplicatesSuperseded);
    counts.put("warned", warned);
    read = 0;
    outcomes = 0;
    silver = 0;
    quarantine = 0;
    filtered = 0;
    duplicatesExact = 0;
    duplicatesSuperseded = 0;
    warned = 0;
    return Counts.of(counts);
  }
}
