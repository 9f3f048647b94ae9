package ai.finks.flink.stream;

import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Starts a source where its tables stand: at the lowest offset that any of them still needs, at
 * zero for a stream that none of them knows.
 *
 * <p>Neither the consumer group nor a fallback is asked. What the tables need and the broker no
 * longer has stops the job with {@link StreamGapException}, unless that very gap was accepted.
 */
final class OffsetsFromTables implements OffsetsInitializer {
  private static final long serialVersionUID = 1;

  private final CatalogLoader catalogLoader;
  private final ArrayList<String> tables;
  private final Properties clientProperties;
  private final @Nullable AcceptedGaps acceptedGaps;

  /**
   * @param acceptedGaps null for a job that cannot go on without an offset
   */
  OffsetsFromTables(
      CatalogLoader catalogLoader,
      List<TableIdentifier> tables,
      Properties clientProperties,
      @Nullable AcceptedGaps acceptedGaps) {
    this.catalogLoader = catalogLoader;
    this.tables = new ArrayList<>();
    tables.forEach(table -> this.tables.add(table.toString()));
    this.clientProperties = clientProperties;
    this.acceptedGaps = acceptedGaps;
  }

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever broker) {
    if (partitions.isEmpty()) {
      return Map.of();
    }
    Map<StreamPartition, TopicPartition> streams = identify(partitions);
    SortedMap<StreamPartition, Long> starts = recorded(streams.keySet());
    Map<TopicPartition, Long> earliest = broker.beginningOffsets(partitions);
    Map<TopicPartition, Long> end = broker.endOffsets(partitions);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    SortedMap<StreamPartition, OffsetRange> gaps = new TreeMap<>();
    streams.forEach(
        (stream, partition) -> {
          long start = answered(starts, stream);
          long first = answered(earliest, partition);
          if (start > answered(end, partition)) {
            throw StreamGapException.lost(stream, start, answered(end, partition));
          }
          if (first > start) {
            gaps.put(stream, OffsetRange.of(start, first, Counts.none()));
          }
          offsets.put(partition, Math.max(start, first));
        });
    requireAccepted(gaps);
    return offsets;
  }

  private void requireAccepted(SortedMap<StreamPartition, OffsetRange> gaps) {
    if (gaps.isEmpty()) {
      return;
    }
    AcceptedGaps accepted = acceptedGaps;
    if (accepted == null) {
      StreamPartition first = gaps.firstKey();
      OffsetRange gap = gaps.values().iterator().next();
      throw StreamGapException.expired(first, gap.start(), gap.end());
    }
    gaps.entrySet()
        .removeIf(
            gap -> accepted.accept(gap.getKey(), gap.getValue().start(), gap.getValue().end()));
    if (!gaps.isEmpty()) {
      throw StreamGapException.notAccepted(gaps);
    }
  }

  private Map<StreamPartition, TopicPartition> identify(Collection<TopicPartition> partitions) {
    Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    try (BrokerLog log = BrokerLog.connect(clientProperties)) {
      Map<String, String> ids = log.streamIds(topics);
      return partitions.stream()
          .collect(
              Collectors.toMap(
                  p -> StreamPartition.of(p.topic(), answered(ids, p.topic()), p.partition()),
                  p -> p));
    }
  }

  private static <K, V> V answered(Map<K, V> answers, K asked) {
    V answer = answers.get(asked);
    if (answer == null) {
      throw new IllegalStateException("The broker told nothing about " + asked);
    }
    return answer;
  }

  private SortedMap<StreamPartition, Long> recorded(Collection<StreamPartition> streams) {
    try (LakeCatalog catalog = catalogLoader.open()) {
      List<Table> loaded =
          tables.stream()
              .map(table -> catalog.load(TableIdentifier.parse(table)))
              .collect(Collectors.toList());
      return RecordedOffsets.lowest(loaded, streams);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }
}
