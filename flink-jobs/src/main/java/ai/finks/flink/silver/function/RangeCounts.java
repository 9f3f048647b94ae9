package ai.finks.flink.silver.function;

import ai.finks.flink.table.CountKind;
import ai.finks.flink.table.Counts;
import java.util.TreeMap;

/**
 * What became of the records of the current range. Read + exploded = silver + quarantine +
 * duplicates + filtered, for each kind of records, at every moment between two records.
 */
public final class RangeCounts {
  private final Tally live = new Tally();
  private final Tally redriven = new Tally();
  private Tally current = live;

  /** A record begins; what is counted from now on became of it. */
  public void read() {
    current = live;
    current.read++;
  }

  /** The record that was read last was sent again from quarantine. */
  public void redriven() {
    current.read--;
    current = redriven;
    current.read++;
  }

  public void silver(boolean withWarnings) {
    current.outcomes++;
    current.silver++;
    if (withWarnings) {
      current.warned++;
    }
  }

  public void quarantine() {
    current.outcomes++;
    current.quarantine++;
  }

  public void filtered() {
    current.outcomes++;
    current.filtered++;
  }

  public void duplicateExact() {
    current.outcomes++;
    current.duplicatesExact++;
  }

  public void duplicateSuperseded() {
    current.outcomes++;
    current.duplicatesSuperseded++;
  }

  /** The counts so far, by kind; counting begins again at zero. */
  public Counts take() {
    TreeMap<String, Long> counts = new TreeMap<>();
    live.moveTo(counts, CountKind.LIVE);
    redriven.moveTo(counts, CountKind.REDRIVEN);
    return Counts.of(counts);
  }

  private static final class Tally {
    private long read;
    private long outcomes;
    private long silver;
    private long quarantine;
    private long filtered;
    private long duplicatesExact;
    private long duplicatesSuperseded;
    private long warned;

    void moveTo(TreeMap<String, Long> counts, CountKind kind) {
      counts.put(kind.key("read"), read);
      counts.put(kind.key("exploded"), outcomes - read);
      counts.put(kind.key("silver"), silver);
      counts.put(kind.key("quarantine"), quarantine);
      counts.put(kind.key("duplicates"), duplicatesExact + duplicatesSuperseded);
      counts.put(kind.key("filtered"), filtered);
      counts.put(kind.key("duplicates_exact"), duplicatesExact);
      counts.put(kind.key("duplicates_superseded"), duplicatesSuperseded);
      counts.put(kind.key("warned"), warned);
      read = 0;
      outcomes = 0;
      silver = 0;
      quarantine = 0;
      filtered = 0;
      duplicatesExact = 0;
      duplicatesSuperseded = 0;
      warned = 0;
    }
  }
}
