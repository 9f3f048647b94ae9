package ai.finks.flink.silver.function;

import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.stream.ProgressState;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.StreamGapException;
import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.StreamPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Chained to the source: refines each message and ends each range with a marker ahead of the
 * checkpoint barrier, so that a checkpoint's rows and its ranges are the same thing.
 *
 * <p>State: the next offset per partition. What is known of the keys is a cache of the tables and
 * is read from them before a partition's first record.
 */
public final class Refine extends AbstractStreamOperator<Refinement>
    implements OneInputStreamOperator<RawMessage, Refinement> {
  private static final long serialVersionUID = 1;
  private static final Duration PATIENCE_WITH_TABLES = Duration.ofSeconds(90);

  private final Pipeline pipeline;
  private final StreamLog.Connector connector;
  private final RecordRefiner.Factory refinerFactory;
  private final Duration patience;

  private transient ProgressState state;
  private transient RecordRefiner refiner;
  private transient @Nullable PartitionStart partitionStart;
  private transient @Nullable StreamLog log;
  private transient Map<String, String> streamIds;
  private transient Map<String, List<@Nullable PartitionWork>> worksByTopic;
  private transient List<PartitionWork> works;
  private transient StreamRecord<Refinement> emitted;
  private transient Consumer<Refinement> out;
  private transient @Nullable PartitionWork last;

  public Refine(
      Pipeline pipeline, StreamLog.Connector connector, RecordRefiner.Factory refinerFactory) {
    this(pipeline, connector, refinerFactory, PATIENCE_WITH_TABLES);
  }

  /**
   * @param patience how long restored state waits for the tables to follow
   */
  @SuppressWarnings("NullAway.Init") // Flink initialises state and opens before anything else.
  public Refine(
      Pipeline pipeline,
      StreamLog.Connector connector,
      RecordRefiner.Factory refinerFactory,
      Duration patience) {
    this.pipeline = pipeline;
    this.connector = connector;
    this.refinerFactory = refinerFactory;
    this.patience = patience;
    // The default is the head of a chain of its own.
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = ProgressState.open(context, pipeline.writerId());
  }

  @Override
  public void open() throws Exception {
    super.open();
    worksByTopic = new HashMap<>();
    works = new ArrayList<>();
    emitted = new StreamRecord<>(new Refinement());
    out = this::emit;
    StreamLog connected = connector.connect();
    log = connected;
    streamIds = connected.streamIds(pipeline.topics());
    state.requireSameStreams(streamIds);
    state.requireOnBroker(connected, pipeline.topics());
    refiner = refinerFactory.open();
    PartitionStart start = new PartitionStart(pipeline, state, refiner, patience);
    partitionStart = start;
    TaskInfo task = getRuntimeContext().getTaskInfo();
    start.prepare(
        connected.expected(
            streamIds, task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks()));
  }

  @Override
  public void processElement(StreamRecord<RawMessage> element) {
    RawMessage first = element.getValue();
    PartitionWork work = workOf(first);
    for (RawMessage message = first; message != null; message = message.next()) {
      process(message, work);
    }
  }

  private void process(RawMessage message, PartitionWork work) {
    PartitionProgress progress = work.progress();
    if (progress.isBehind(message.offset())) {
      return;
    }
    while (progress.isCutBefore(message.offset())) {
      RangeMarker marker = progress.takeRangeToCut(work.counts().take());
      emit(new Refinement().marker(marker.with(work.drift().take()).with(work.runs().take())));
    }
    work.counts().read();
    refiner.refine(message, work, out);
    progress.handled(message.offset());
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    requireSameStreams();
    emitMarkers();
  }

  /** The end of a bounded input has no barrier of its own. */
  @Override
  public void finish() throws Exception {
    requireSameStreams();
    emitMarkers();
    super.finish();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<PartitionProgress> progress = new ArrayList<>();
    works.forEach(work -> progress.add(work.progress()));
    state.snapshot(progress);
  }

  /**
   * Asks for the streams' ids after the last record of a range was read: offsets of a topic that
   * was recreated meanwhile must not be taken for those of the old one.
   */
  private void requireSameStreams() {
    StreamLog connected = log;
    if (connected == null || works.stream().noneMatch(work -> work.progress().hasRange())) {
      return;
    }
    Map<String, String> now = connected.streamIds(pipeline.topics());
    for (String topic : pipeline.topics()) {
      if (!Objects.equals(now.get(topic), streamIds.get(topic))) {
        throw new JobStoppedException(
            String.format(
                "Topic %s was recreated while the job read it (stream id %s, before %s). Start the"
                    + " job without state: it continues from the tables and reads the new stream"
                    + " from its beginning.",
                topic, now.get(topic), streamIds.get(topic)));
      }
    }
  }

  private void emitMarkers() {
    for (PartitionWork work : works) {
      if (work.progress().hasRange()) {
        RangeMarker marker = work.progress().takeRange(work.counts().take());
        emit(new Refinement().marker(marker.with(work.drift().take()).with(work.runs().take())));
      }
    }
  }

  private void emit(Refinement refinement) {
    output.collect(emitted.replace(refinement));
  }

  private PartitionWork workOf(RawMessage message) {
    PartitionWork recent = last;
    if (recent != null
        && recent.partition().partition() == message.partition()
        && recent.partition().topic().equals(message.topic())
        && (message.streamId() == null
            || recent.partition().streamId().equals(message.streamId()))) {
      return recent;
    }
    String stream =
        message.streamId() == null ? message.topic() : message.topic() + '@' + message.streamId();
    List<@Nullable PartitionWork> ofTopic =
        worksByTopic.computeIfAbsent(stream, topic -> new ArrayList<>());
    while (ofTopic.size() <= message.partition()) {
      ofTopic.add(null);
    }
    PartitionWork work = ofTopic.get(message.partition());
    if (work == null) {
      work = open(message);
      ofTopic.set(message.partition(), work);
      works.add(work);
    }
    last = work;
    return work;
  }

  private void giveUp(PartitionWork work, long needed, long end) {
    if (!pipeline.acceptedGaps().accept(work.partition(), needed, end)) {
      throw StreamGapException.expired(work.partition(), needed, end);
    }
    work.progress().giveUpTo(end).forEach(gap -> emit(new Refinement().marker(gap)));
  }

  private PartitionWork open(RawMessage message) {
    PartitionStart start = partitionStart;
    StreamLog connected = log;
    String told = message.streamId();
    String streamId = told == null ? streamIds.get(message.topic()) : told;
    if (start == null || connected == null || streamId == null) {
      throw new IllegalStateException("A message of " + message.topic() + " before open()");
    }
    StreamPartition partition = StreamPartition.of(message.topic(), streamId, message.partition());
    PartitionWork work = start.open(partition);
    long needed = work.progress().next();
    if (message.offset() > needed) {
      // Offsets may be missing in a log; what lies before its beginning is lost to this job.
      long earliest = connected.earliest(message.topic(), message.partition());
      if (earliest > needed) {
        giveUp(work, needed, Math.min(earliest, message.offset()));
      }
    }
    return work;
  }

  @Override
  public void close() throws Exception {
    if (partitionStart != null) {
      partitionStart.close();
    }
    if (log != null) {
      log.close();
    }
    super.close();
  }
}
