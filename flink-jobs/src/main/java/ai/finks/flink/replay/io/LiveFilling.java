package ai.finks.flink.replay.io;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.history.HistoryOrigin;
import ai.finks.flink.history.HistoryRanges;
import ai.finks.flink.replay.Replay;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.redrive.RedriveResult;
import ai.finks.flink.silver.redrive.Refill;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Reads the missing records where the replay has read them, and sends them to their streams. */
public final class LiveFilling implements Replay.Filling {
  private static final int CHUNK = 1000;

  private final HistoryOrigin origin;
  private final Supplier<StreamExecutionEnvironment> environments;
  private final URI registryUrl;
  private final Refill refill;
  private final Runnable stillAlive;
  private final Consumer<String> progress;

  /**
   * @param origin that the plan names
   * @param stillAlive throws when there is no live job that would take the records
   */
  public LiveFilling(
      HistoryOrigin origin,
      Supplier<StreamExecutionEnvironment> environments,
      URI registryUrl,
      Refill refill,
      Runnable stillAlive,
      Consumer<String> progress) {
    this.origin = origin;
    this.environments = environments;
    this.registryUrl = registryUrl;
    this.refill = refill;
    this.stillAlive = stillAlive;
    this.progress = progress;
  }

  @Override
  public SortedSet<RecordCoordinate> decided(SortedSet<RecordCoordinate> records) {
    return new TreeSet<>(refill.decided(records));
  }

  @Override
  public SortedMap<String, Long> fill(ReplayPlan plan, SortedSet<RecordCoordinate> records)
      throws Exception {
    refill.findInterrupted();
    Map<RecordCoordinate, RawRecord> chunk = new LinkedHashMap<>();
    WantedRecords wanted = new WantedRecords(plan, records, registryUrl);
    try (CloseableIterator<byte[]> found =
        wanted.read(environments.get(), origin.read(hull(records)))) {
      while (found.hasNext()) {
        WantedRecords.Found each = WantedRecords.Found.parse(found.next());
        chunk.put(each.coordinate(), each.record());
        if (chunk.size() == CHUNK) {
          refill.send(chunk);
          chunk.clear();
          FaultPoints.pass("replay.fill.sent");
        }
      }
    }
    refill.send(chunk);
    FaultPoints.pass("replay.fill.sent");
    SortedMap<String, Long> outcomes = counts(refill.settle(stillAlive));
    progress.accept("the live job has taken them: " + outcomes);
    return outcomes;
  }

  private static HistoryRanges hull(SortedSet<RecordCoordinate> records) {
    TreeMap<StreamPartition, OffsetRange> hull = new TreeMap<>();
    for (RecordCoordinate record : records) {
      hull.merge(
          StreamPartition.of(record.topic(), record.streamId(), record.partition()),
          OffsetRange.of(record.offset(), record.offset() + 1, Counts.none()),
          (one, other) ->
              OffsetRange.of(
                  Math.min(one.start(), other.start()),
                  Math.max(one.end(), other.end()),
                  Counts.none()));
    }
    return HistoryRanges.of(hull);
  }

  private static SortedMap<String, Long> counts(List<RedriveResult> results) {
    return results.stream()
        .collect(
            Collectors.groupingBy(
                result -> result.state().label(), TreeMap::new, Collectors.counting()));
  }
}
