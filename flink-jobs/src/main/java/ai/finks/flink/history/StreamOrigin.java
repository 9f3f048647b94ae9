package ai.finks.flink.history;

import ai.finks.flink.stream.BrokerLog;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the broker still has. */
public final class StreamOrigin implements HistoryOrigin {
  private final Properties clientProperties;
  private final BrokerLog log;

  private StreamOrigin(Properties clientProperties) {
    this.clientProperties = clientProperties;
    this.log = BrokerLog.connect(clientProperties);
  }

  public static StreamOrigin connect(Properties clientProperties) {
    return new StreamOrigin(clientProperties);
  }

  @Override
  public Kind kind() {
    return Kind.STREAM;
  }

  @Override
  public HistoryRanges held(Collection<String> topics) {
    Collection<String> present = log.present(topics);
    return HistoryRanges.between(
        log.offsets(present, OffsetSpec.earliest()), log.offsets(present, OffsetSpec.latest()));
  }

  @Override
  public HistoryRanges ofIngestTime(Collection<String> topics, Instant from, Instant to) {
    Collection<String> present = log.present(topics);
    SortedMap<StreamPartition, Long> ends = log.offsets(present, OffsetSpec.latest());
    return HistoryRanges.between(since(present, from, ends), since(present, to, ends));
  }

  /** The first offsets of that time or later; the ends where there is nothing later. */
  private SortedMap<StreamPartition, Long> since(
      Collection<String> topics, Instant time, Map<StreamPartition, Long> ends) {
    SortedMap<StreamPartition, Long> offsets =
        log.offsets(topics, OffsetSpec.forTimestamp(time.toEpochMilli()));
    offsets.replaceAll(
        (partition, offset) -> offset < 0 ? ends.getOrDefault(partition, 0L) : offset);
    return offsets;
  }

  @Override
  public HistoryRanges missing(HistoryRanges ranges) {
    SortedMap<StreamPartition, OffsetRange> held = held(ranges.topics()).asMap();
    Map<StreamPartition, OffsetRange> missing = new TreeMap<>();
    ranges
        .asMap()
        .forEach((partition, range) -> missing.put(partition, missing(range, held.get(partition))));
    return HistoryRanges.of(missing);
  }

  private static OffsetRange missing(OffsetRange wanted, @Nullable OffsetRange held) {
    if (held == null) {
      return wanted;
    }
    if (held.start() > wanted.start()) {
      return OffsetRange.of(wanted.start(), Math.min(held.start(), wanted.end()), Counts.none());
    }
    long end = Math.max(held.end(), wanted.start());
    return OffsetRange.of(Math.min(end, wanted.end()), wanted.end(), Counts.none());
  }

  @Override
  public BoundedHistory read(HistoryRanges ranges) {
    HistoryRanges missing = missing(ranges);
    if (!missing.isEmpty()) {
      throw HistoryGapException.missing(Kind.STREAM, missing);
    }
    return new BoundedHistory(
        Kind.STREAM,
        ranges,
        RawStream.between(onBroker(ranges.starts()), onBroker(ranges.ends()), clientProperties),
        StreamLog.Connector.kafka(clientProperties));
  }

  private static Map<TopicPartition, Long> onBroker(Map<StreamPartition, Long> offsets) {
    Map<TopicPartition, Long> onBroker = new HashMap<>();
    offsets.forEach(
        (partition, offset) ->
            onBroker.put(new TopicPartition(partition.topic(), partition.partition()), offset));
    return onBroker;
  }

  @Override
  public void close() {
    log.close();
  }
}
