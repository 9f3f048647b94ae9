package ai.finks.flink.history;

import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Bronze as a bounded source: one split per stream partition, read in parallel. */
final class BronzeSource implements Source<RawMessage, BronzeSplit, List<BronzeSplit>> {
  private static final long serialVersionUID = 1;

  private final CatalogLoader catalogLoader;
  private final String lakeRoot;
  private final ArrayList<BronzeSplit> splits;
  private final TreeSet<String> topics;

  BronzeSource(CatalogLoader catalogLoader, String lakeRoot, HistoryRanges ranges) {
    this.catalogLoader = catalogLoader;
    this.lakeRoot = lakeRoot;
    this.splits = new ArrayList<>();
    ranges
        .asMap()
        .forEach(
            (partition, range) ->
                splits.add(new BronzeSplit(splits.size(), partition, range.start(), range.end())));
    this.topics = new TreeSet<>(ranges.topics());
  }

  /** The partitions, in the order of their splits. */
  ArrayList<StreamPartition> partitions() {
    ArrayList<StreamPartition> partitions = new ArrayList<>();
    splits.forEach(split -> partitions.add(split.partition()));
    return partitions;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<RawMessage, BronzeSplit> createReader(SourceReaderContext context) {
    return new BronzeSourceReader(
        () -> new BronzeSplitReader(catalogLoader, lakeRoot, topics), context);
  }

  @Override
  public SplitEnumerator<BronzeSplit, List<BronzeSplit>> createEnumerator(
      SplitEnumeratorContext<BronzeSplit> context) {
    return new BronzeSplitEnumerator(context, splits);
  }

  @Override
  public SplitEnumerator<BronzeSplit, List<BronzeSplit>> restoreEnumerator(
      SplitEnumeratorContext<BronzeSplit> context, List<BronzeSplit> unread) {
    return new BronzeSplitEnumerator(context, unread);
  }

  @Override
  public SimpleVersionedSerializer<BronzeSplit> getSplitSerializer() {
    return new BronzeSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<List<BronzeSplit>> getEnumeratorCheckpointSerializer() {
    return new BronzeSplitSerializer.OfMany();
  }
}
