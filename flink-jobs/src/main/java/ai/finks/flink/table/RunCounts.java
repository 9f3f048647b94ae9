package ai.finks.flink.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;

/**
 * How many records of a range came from which run. Immutable, and bounded, as records decide what a
 * run is called: at most {@value #MAX_RUNS} runs are told apart, those that come later in the order
 * of their ids are one, and so are those with an id of more than {@value #MAX_ID} characters.
 *
 * <p>A commit's summary carries them under {@link #SUMMARY} as {@code {"<run id>":123}}: so a table
 * says itself which runs made a snapshot.
 */
public final class RunCounts {
  /** The key in a snapshot's summary. */
  public static final String SUMMARY = "finks.runs";

  /** Stands for all further runs. */
  public static final String OTHERS = "*";

  public static final int MAX_RUNS = 100;

  /** Characters of the longest run id that is told apart. */
  public static final int MAX_ID = 256;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Long>> TYPE = new TypeReference<>() {};
  private static final RunCounts NONE = new RunCounts(new TreeMap<>());

  private final TreeMap<String, Long> records;

  private RunCounts(TreeMap<String, Long> records) {
    this.records = records;
  }

  public static RunCounts none() {
    return NONE;
  }

  /**
   * @param records records by run id
   */
  public static RunCounts of(Map<String, Long> records) {
    if (records.isEmpty()) {
      return NONE;
    }
    TreeMap<String, Long> told = new TreeMap<>();
    records.forEach((run, count) -> told.merge(told(run), count, Long::sum));
    return new RunCounts(bounded(told));
  }

  /** The id under which a run is counted: its own, or {@link #OTHERS}. */
  public static String told(String runId) {
    return runId.length() > MAX_ID ? OTHERS : runId;
  }

  /** What a commit says of the runs behind it; none for one that says nothing. */
  public static RunCounts of(Snapshot snapshot) {
    String said = snapshot.summary().getOrDefault(SUMMARY, "{}");
    try {
      return of(JSON.readValue(said, TYPE));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Unreadable runs in a snapshot summary: " + said, e);
    }
  }

  /** These and the others together. */
  public RunCounts plus(RunCounts others) {
    if (others.records.isEmpty()) {
      return this;
    }
    TreeMap<String, Long> sum = new TreeMap<>(records);
    others.records.forEach((run, count) -> sum.merge(run, count, Long::sum));
    return new RunCounts(bounded(sum));
  }

  private static TreeMap<String, Long> bounded(TreeMap<String, Long> records) {
    Long others = records.remove(OTHERS);
    long further = others == null ? 0 : others;
    while (records.size() > MAX_RUNS) {
      further += records.pollLastEntry().getValue();
    }
    if (further > 0) {
      records.put(OTHERS, further);
    }
    return records;
  }

  /** Records by run id. */
  public SortedMap<String, Long> records() {
    return Collections.unmodifiableSortedMap(records);
  }

  public boolean isEmpty() {
    return records.isEmpty();
  }

  /** As it stands in a snapshot's summary. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(records);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Runs that are no JSON: " + records, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunCounts && records.equals(((RunCounts) other).records);
  }

  @Override
  public int hashCode() {
    return records.hashCode();
  }

  @Override
  public String toString() {
    return records.toString();
  }
}
