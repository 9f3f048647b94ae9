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
 * How many records of a range came from which run. Immutable, and bounded: at most {@value
 * #MAX_RUNS} runs are told apart, those that come later in the order of their ids are one.
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
    return records.isEmpty() ? NONE : new RunCounts(bounded(new TreeMap<>(records)));
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
    while (records.size() > MAX_RUNS + 1
        || (records.size() > MAX_RUNS && !records.containsKey(OTHERS))) {
      records.merge(OTHERS, records.pollLastEntry().getValue(), Long::sum);
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
