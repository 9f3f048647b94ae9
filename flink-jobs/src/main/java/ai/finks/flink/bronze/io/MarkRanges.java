package ai.finks.flink.bronze.io;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.stream.BrokerLog;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.stream.ProgressState;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.StreamGapException;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Claims the ledger for its submission, puts a message's stream id to it, drops what the ledger
 * has, and says ahead of each checkpoint barrier which ranges went by.
 *
 * <p>The source may have asked the ledger before the claim; it then only begins too early, with
 * messages that are dropped here. Chained to the source. State: the next offset of each partition
 * and whose they are ({@link ProgressState}).
 */
@SuppressWarnings("NullAway.Init") // transient fields are set in initializeState
public final class MarkRanges extends AbstractStreamOperator<BronzeInput>
    implements OneInputStreamOperator<RawMessage, BronzeInput>, BoundedOneInput {
  private static final long serialVersionUID = 1;

  private final Submission submission;
  private final CatalogLoader catalogLoader;
  private final Properties clientProperties;
  private final AcceptedGaps acceptedGaps;

  private transient Map<String, List<@Nullable PartitionProgress>> progressOfTopic;
  private transient List<PartitionProgress> progress;
  private transient Map<String, String> streamIds;
  private transient Map<StreamPartition, Long> recorded;
  private transient ProgressState state;
  private transient StreamRecord<BronzeInput> reused;

  /**
   * @param acceptedGaps offsets that may be missing although the ledger needs them; it then goes on
   *     behind them, with a range that has no objects
   */
  public MarkRanges(
      Submission submission,
      CatalogLoader catalog,
      Properties clientProperties,
      AcceptedGaps acceptedGaps) {
    this.submission = submission;
    this.catalogLoader = catalog;
    this.clientProperties = clientProperties;
    this.acceptedGaps = acceptedGaps;
    this.chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    progressOfTopic = new HashMap<>();
    progress = new ArrayList<>();
    reused = new StreamRecord<>(null);
    state = ProgressState.open(context, submission.writerId());
    try (BrokerLog log = BrokerLog.connect(clientProperties)) {
      streamIds = log.streamIds(submission.topics());
    }
    state.requireSameStreams(streamIds);
    try (LakeCatalog catalog = catalogLoader.open()) {
      Table ledger = catalog.load(LakeTables.BRONZE_FILES);
      submission.claim(ledger, state.isOf(submission.writerId()));
      // Read by the one alone who may move it: what came before the claim is in it.
      ledger.refresh();
      recorded = RecordedOffsets.of(ledger);
    }
  }

  @Override
  public void processElement(StreamRecord<RawMessage> element) {
    RawMessage first = element.getValue();
    PartitionProgress of = progressOf(first);
    for (RawMessage message = first; message != null; message = message.next()) {
      process(message, of);
    }
  }

  private void process(RawMessage message, PartitionProgress of) {
    if (of.isBehind(message.offset())) {
      return;
    }
    if (of.isCutBefore(message.offset())) {
      // Up to the cut the ledger has it all, so this range is nobody's any more.
      of.takeRangeToCut(Counts.none());
    }
    of.handled(message.offset());
    if (!isBehindLedger(of)) {
      output.collect(reused.replace(BronzeInput.of(of.partition(), message)));
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    markRanges();
  }

  @Override
  public void endInput() {
    markRanges();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.snapshot(progress);
  }

  private void markRanges() {
    for (PartitionProgress of : progress) {
      if (of.hasRange() && !isBehindLedger(of)) {
        output.collect(reused.replace(BronzeInput.of(of.takeRange(Counts.none()))));
      }
    }
  }

  private static boolean isBehindLedger(PartitionProgress of) {
    return of.isCutBefore(Long.MAX_VALUE);
  }

  private PartitionProgress progressOf(RawMessage message) {
    List<@Nullable PartitionProgress> partitions =
        progressOfTopic.computeIfAbsent(message.topic(), topic -> new ArrayList<>());
    while (partitions.size() <= message.partition()) {
      partitions.add(null);
    }
    PartitionProgress known = partitions.get(message.partition());
    return known != null ? known : begin(message, partitions);
  }

  private PartitionProgress begin(
      RawMessage message, List<@Nullable PartitionProgress> partitions) {
    String streamId = streamIds.get(message.topic());
    if (streamId == null) {
      throw new IllegalStateException("A message of an unknown topic " + message.topic());
    }
    StreamPartition partition = StreamPartition.of(message.topic(), streamId, message.partition());
    long inLedger = recorded.getOrDefault(partition, 0L);
    long start = state.next(partition).orElse(inLedger);
    PartitionProgress begun = new PartitionProgress(partition, start, List.of(inLedger));
    giveUp(begun, gapEnd(partition, start, message.offset()), inLedger);
    partitions.set(message.partition(), begun);
    progress.add(begun);
    return begun;
  }

  private void giveUp(PartitionProgress of, long end, long inLedger) {
    if (end <= of.next()) {
      return;
    }
    if (!acceptedGaps.accept(of.partition(), of.next(), end)) {
      throw StreamGapException.expired(of.partition(), of.next(), end);
    }
    for (RangeMarker gap : of.giveUpTo(end)) {
      if (gap.range().start() >= inLedger) {
        output.collect(reused.replace(BronzeInput.of(gap)));
      }
    }
  }

  /** A log may lack offsets in its middle, but what lies before its beginning is lost. */
  private long gapEnd(StreamPartition partition, long needed, long found) {
    if (found <= needed) {
      return needed;
    }
    try (BrokerLog log = BrokerLog.connect(clientProperties)) {
      return Math.min(log.earliest(partition.topic(), partition.partition()), found);
    }
  }
}
