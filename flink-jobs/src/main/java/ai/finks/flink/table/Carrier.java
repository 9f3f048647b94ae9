package ai.finks.flink.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot written by a live job: the one place where a table says which offsets it holds.
 *
 * <p>Only the commits of live jobs carry offsets. Compaction, replacement of periods and expiry
 * write none, so the newest carrier is found by walking the ancestors of the current snapshot.
 *
 * <p>Offsets and counts lie in the snapshot's summary as compact JSON, {@code
 * {"topic@streamId":{"0":123}}} and {@code {"topic@streamId":{"0":{"read":123}}}}; an offset is the
 * next one to read, a count is cumulative.
 */
public final class Carrier {
  public static final String WRITER_ID = "finks.writer-id";
  public static final String OFFSETS = "finks.offsets";
  public static final String COUNTS = "finks.counts";
  public static final String JOB = "finks.job";
  public static final String CHECKPOINT_ID = "finks.checkpoint-id";

  /** The topics that the submission takes care of, where others of its job have other ones. */
  static final String TOPICS = "finks.topics";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Map<Integer, Long>>> OFFSETS_TYPE =
      new TypeReference<>() {};
  private static final TypeReference<Map<String, Map<Integer, Map<String, Long>>>> COUNTS_TYPE =
      new TypeReference<>() {};

  private final String job;
  private final String writerId;
  private final Set<String> topics;
  private final long timestampMillis;
  private final SortedMap<StreamPartition, Long> offsets;
  private final SortedMap<StreamPartition, Counts> counts;

  private Carrier(
      String job,
      String writerId,
      Set<String> topics,
      long timestampMillis,
      SortedMap<StreamPartition, Long> offsets,
      SortedMap<StreamPartition, Counts> counts) {
    this.job = job;
    this.writerId = writerId;
    this.topics = topics;
    this.timestampMillis = timestampMillis;
    this.offsets = Collections.unmodifiableSortedMap(offsets);
    this.counts = Collections.unmodifiableSortedMap(counts);
  }

  /**
   * The newest carrier among the current snapshot and its ancestors; empty for a table that was
   * never written.
   *
   * @throws JobStoppedException if the table has snapshots but none of them says its offsets
   */
  public static Optional<Carrier> newest(TableMetadata metadata) {
    Snapshot snapshot = newestSnapshot(metadata);
    if (snapshot != null) {
      return Optional.of(of(snapshot));
    }
    if (metadata.currentSnapshot() == null) {
      return Optional.empty();
    }
    throw new JobStoppedException(
        "Table at "
            + metadata.location()
            + " holds data, but no snapshot that is left says up to which offsets. Roll the table"
            + " back to a snapshot whose summary has "
            + OFFSETS
            + ", or rebuild the table from Bronze.");
  }

  /** What a table had read when a snapshot was current; empty if no kept ancestor says it. */
  public static Optional<Carrier> at(Table table, Snapshot snapshot) {
    TableMetadata metadata = ((HasTableOperations) table).operations().current();
    return Optional.ofNullable(previousSnapshot(metadata, snapshot)).map(Carrier::of);
  }

  /** The snapshot of the newest carrier, or null if no ancestor of the current snapshot is one. */
  static @Nullable Snapshot newestSnapshot(TableMetadata metadata) {
    return previousSnapshot(metadata, metadata.currentSnapshot());
  }

  /** The snapshot itself if it is a carrier, else its nearest ancestor that is one. */
  static @Nullable Snapshot previousSnapshot(TableMetadata metadata, @Nullable Snapshot from) {
    Snapshot snapshot = from;
    while (snapshot != null && !snapshot.summary().containsKey(OFFSETS)) {
      Long parent = snapshot.parentId();
      snapshot = parent == null ? null : metadata.snapshot(parent);
    }
    return snapshot;
  }

  /** The nearest carrier among a snapshot's ancestors, or null if there is none. */
  static @Nullable Snapshot before(TableMetadata metadata, Snapshot snapshot) {
    Long parent = snapshot.parentId();
    return parent == null ? null : previousSnapshot(metadata, metadata.snapshot(parent));
  }

  static Carrier of(Snapshot snapshot) {
    Map<String, String> summary = snapshot.summary();
    return new Carrier(
        summary.getOrDefault(JOB, ""),
        summary.getOrDefault(WRITER_ID, ""),
        topics(summary.getOrDefault(TOPICS, "")),
        snapshot.timestampMillis(),
        parseOffsets(summary.getOrDefault(OFFSETS, "{}")),
        parseCounts(summary.getOrDefault(COUNTS, "{}")));
  }

  private static Set<String> topics(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(","));
  }

  /** Whether it was written by a submission of the same job that takes care of the same topics. */
  boolean isOfJobOf(CommitOrigin origin) {
    return job.equals(origin.job())
        && (topics.isEmpty()
            || origin.topics().isEmpty()
            || !Collections.disjoint(topics, origin.topics()));
  }

  /** The job that wrote the snapshot; several jobs may write to one table. */
  public String job() {
    return job;
  }

  public String writerId() {
    return writerId;
  }

  public long timestampMillis() {
    return timestampMillis;
  }

  /** Next offset to read, per stream partition. */
  public SortedMap<StreamPartition, Long> offsets() {
    return offsets;
  }

  /** Cumulative counts per stream partition. */
  public SortedMap<StreamPartition, Counts> counts() {
    return counts;
  }

  static SortedMap<StreamPartition, Long> parseOffsets(String json) {
    SortedMap<StreamPartition, Long> offsets = new TreeMap<>();
    read(json, OFFSETS_TYPE)
        .forEach(
            (stream, partitions) ->
                partitions.forEach((p, offset) -> offsets.put(parseStream(stream, p), offset)));
    return offsets;
  }

  static SortedMap<StreamPartition, Counts> parseCounts(String json) {
    SortedMap<StreamPartition, Counts> counts = new TreeMap<>();
    read(json, COUNTS_TYPE)
        .forEach(
            (stream, partitions) ->
                partitions.forEach(
                    (p, values) -> counts.put(parseStream(stream, p), Counts.of(values))));
    return counts;
  }

  static String offsetsJson(Map<StreamPartition, Long> offsets) {
    return write(byStream(offsets));
  }

  static String countsJson(Map<StreamPartition, Counts> counts) {
    Map<StreamPartition, Map<String, Long>> values = new HashMap<>();
    counts.forEach((partition, count) -> values.put(partition, count.asMap()));
    return write(byStream(values));
  }

  private static <T> SortedMap<String, SortedMap<Integer, T>> byStream(
      Map<StreamPartition, T> values) {
    SortedMap<String, SortedMap<Integer, T>> streams = new TreeMap<>();
    values.forEach(
        (partition, value) ->
            streams
                .computeIfAbsent(partition.stream(), stream -> new TreeMap<>())
                .put(partition.partition(), value));
    return streams;
  }

  private static StreamPartition parseStream(String stream, int partition) {
    int at = stream.indexOf('@');
    if (at < 0) {
      throw new IllegalStateException("Not topic@streamId in a snapshot summary: " + stream);
    }
    return StreamPartition.of(stream.substring(0, at), stream.substring(at + 1), partition);
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Unreadable offsets in a snapshot summary: " + json, e);
    }
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
