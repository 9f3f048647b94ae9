package ai.finks.flink.silver;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.finks.flink.silver.function.Refine;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.stream.InChainType;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.SplitOwner;
import ai.finks.flink.stream.StreamGapException;
import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.MemoryTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator behind the source, alone: what it hands on, and when. */
class RefineTest {
  private static final String TOPIC = "desk.trades.raw.v1";

  private MemoryTables lake;
  private Pipeline pipeline;
  private @Nullable HarnessJob job;

  @BeforeEach
  void createTables() {
    Emitted.clear();
    FakeLog.reset();
    lake = new MemoryTables();
    LakeTables.createMissing(lake.catalog(), "lake", List.of(HistoryRecords.contract()));
    pipeline = submission("first");
  }

  @AfterEach
  void close() {
    if (job != null) {
      job.close();
    }
    lake.close();
  }

  @Test
  void markerOfAllThatWasReadRunsAheadOfTheBarrier() throws Exception {
    job = start(null, 1);
    read(0, 0, 1, 2);
    assertThat(Emitted.MARKERS).isEmpty();

    job.checkpoint(1);

    assertThat(Emitted.ROWS).hasSize(3);
    assertThat(Emitted.MARKERS).extracting(RefineTest::text).containsExactly("0[0, 3)");
    assertThat(Emitted.MARKERS.get(0).range().counts().get("read")).isEqualTo(3);
    job.checkpoint(2);
    assertThat(Emitted.MARKERS).as("nothing was read since").hasSize(1);
  }

  @Test
  void restoredOperatorContinuesAtItsPositionAndIgnoresWhatLiesBehind() throws Exception {
    job = start(null, 1);
    read(0, 0, 1, 2);
    HarnessJob.State state = job.checkpoint(1);
    job.close();
    tablesReach(0, 3, PipelineTable.values());
    Emitted.clear();

    job = start(state, 1);
    read(0, 1, 2, 3);
    job.checkpoint(2);

    assertThat(Emitted.ROWS).hasSize(1);
    assertThat(Emitted.MARKERS).extracting(RefineTest::text).containsExactly("0[3, 4)");
  }

  @Test
  void positionsSurviveEachChangeOfParallelism() throws Exception {
    job = start(null, 2);
    read(0, 0, 1);
    read(1, 0, 1, 2);
    HarnessJob.State state = job.checkpoint(1);
    job.close();
    tablesReach(0, 2, PipelineTable.values());
    tablesReach(1, 3, PipelineTable.values());

    for (int parallelism : new int[] {1, 3, 2}) {
      Emitted.clear();
      job = start(state, parallelism);
      read(0, 0, 1, 2);
      read(1, 2, 3);
      state = job.checkpoint(state.checkpointId + 1);
      job.close();
      assertThat(Emitted.MARKERS)
          .as("with %s subtasks", parallelism)
          .extracting(RefineTest::text)
          .containsExactlyInAnyOrder("0[2, 3)", "1[3, 4)");
      state = restart(state, parallelism);
    }
  }

  /** Takes the state of before again, so that each round begins at the same place. */
  private HarnessJob.State restart(HarnessJob.State used, int parallelism) throws Exception {
    job = start(null, parallelism);
    read(0, 0, 1);
    read(1, 0, 1, 2);
    HarnessJob.State state = job.checkpoint(used.checkpointId + 1);
    job.close();
    return state;
  }

  @Test
  void rangesEndWhereATableStands() throws Exception {
    tablesReach(0, 2, PipelineTable.QUARANTINE, PipelineTable.MARKS);
    job = start(null, 1);

    read(0, 0, 1, 2, 3);
    job.checkpoint(1);

    assertThat(Emitted.MARKERS).extracting(RefineTest::text).containsExactly("0[0, 2)", "0[2, 4)");
  }

  @Test
  void stateAheadOfARolledBackTableStopsTheJob() throws Exception {
    job = start(null, 1);
    read(0, 0, 1, 2);
    HarnessJob.State state = job.checkpoint(1);
    job.close();
    tablesReach(0, 3, PipelineTable.QUARANTINE, PipelineTable.MARKS, PipelineTable.ACCOUNTING);

    assertThatThrownBy(() -> start(state, 1))
        .hasMessageContaining("rolled back")
        .hasMessageContaining("without state");
  }

  /** A partition's position is state of all subtasks: whoever gets the partition must know it. */
  @Test
  void positionsAreKnownToWhicheverSubtaskGetsThePartition() throws Exception {
    job = start(null, 2);
    for (int partition = 0; partition < 4; partition++) {
      read(partition, 0, 1, 2);
    }
    HarnessJob.State state = job.checkpoint(1);
    job.close();
    tablesReach(0, 3, PipelineTable.values());

    for (int parallelism = 1; parallelism < 5; parallelism++) {
      job = start(state, parallelism);
      for (int partition = 1; partition < 4; partition++) {
        int behind = partition;
        assertThatThrownBy(() -> read(behind, 3))
            .as("partition %s with %s subtasks", partition, parallelism)
            .hasMessageContaining("rolled back");
      }
      job.close();
    }
  }

  @Test
  void newcomerYieldsToAYoungSignOfLifeUnlessItTakesOver() throws Exception {
    job = start(null, 1);
    job.close();

    pipeline = submission("second", false);
    assertThatThrownBy(() -> start(null, 1))
        .hasMessageContaining("another submission (first)")
        .hasMessageContaining("take-over=true");
    pipeline = submission("second", true);
    job = start(null, 1);
  }

  @Test
  void expiredOffsetsAreNamedUnlessTheyAreAccepted() throws Exception {
    FakeLog.earliest = 10;
    job = start(null, 1);
    assertThatThrownBy(() -> read(0, 10))
        .isInstanceOf(StreamGapException.class)
        .hasMessageContaining("offsets 0 to 9")
        .hasMessageContaining("Bronze");
    job.close();
    tablesReach(0, 4, PipelineTable.QUARANTINE);

    pipeline = pipeline.accepting(AcceptedGaps.parse(List.of(TOPIC + ":0:0-9")));
    job = start(null, 1);
    read(0, 10);
    job.checkpoint(1);

    assertThat(Emitted.MARKERS)
        .extracting(RefineTest::text, m -> m.range().counts().get(Counts.GIVEN_UP))
        .containsExactly(tuple("0[0, 4)", 4L), tuple("0[4, 10)", 6L), tuple("0[10, 11)", 0L));
  }

  @Test
  void rangeOfARecreatedTopicIsNeverMarked() throws Exception {
    job = start(null, 1);
    read(0, 0, 1);
    FakeLog.streamId = "another";

    assertThatThrownBy(() -> job.checkpoint(1))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining("was recreated");
    assertThat(Emitted.MARKERS).isEmpty();
  }

  @Test
  void tablesAreClaimedBeforeTheyAreReadSoThatAnEarlierSubmissionCannotMoveThem() throws Exception {
    job = start(null, 1);
    HarnessJob zombie = job;

    pipeline = submission("second");
    job = start(null, 1);

    assertThatThrownBy(() -> append(PipelineTable.SILVER, "first", 0, 0, 5, true))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining("taken over");
    zombie.close();
  }

  @Test
  void submissionThatWasReplacedDoesNotComeBack() throws Exception {
    job = start(null, 1);
    read(0, 0);
    HarnessJob.State state = job.checkpoint(1);
    job.close();
    Pipeline first = pipeline;
    pipeline = submission("second");
    job = start(null, 1);
    job.close();

    pipeline = first;

    assertThatThrownBy(() -> start(state, 1)).hasMessageContaining("taken over");
  }

  private void read(int partition, long... offsets) throws Exception {
    for (long offset : offsets) {
      byte[] wire =
          HistoryRecords.trade("k" + partition + "-" + offset, 2, 100, 1000 + offset, "b", offset);
      int subtask = SplitOwner.of(new TopicPartition(TOPIC, partition), job.parallelism());
      job.process(subtask, new RawMessage(TOPIC, partition, offset, wire));
    }
  }

  private void tablesReach(int partition, long offset, PipelineTable... tables) {
    for (PipelineTable table : tables) {
      append(table, pipeline.writerId(), partition, 0, offset, false);
    }
  }

  private void append(
      PipelineTable table, String writer, int partition, long from, long to, boolean claimed) {
    CommitOrigin origin = CommitOrigin.live(pipeline.job(), writer, 1);
    FencedAppend.commit(
        lake.catalog().load(table.identifier(HistoryRecords.ENTITY)),
        Map.of(
            StreamPartition.of(TOPIC, FakeLog.streamId, partition),
            OffsetRange.of(from, to, Counts.none())),
        List.of(),
        claimed ? origin.afterClaim() : origin);
  }

  private Pipeline submission(String writerId) {
    return submission(writerId, true);
  }

  private Pipeline submission(String writerId, boolean takesOver) {
    return new Pipeline(
        HistoryRecords.ENTITY,
        Map.of(TOPIC, HistoryRecords.SOURCE),
        lake.loader(),
        writerId,
        takesOver,
        Duration.ofMinutes(2),
        Duration.ofMinutes(10));
  }

  private HarnessJob start(HarnessJob.@Nullable State state, int parallelism) throws Exception {
    return new HarnessJob(graph(parallelism), state, true);
  }

  private StreamGraph graph(int parallelism) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    SilverJob.prepare(env, 1000);
    Properties client = new Properties();
    client.setProperty("bootstrap.servers", "nowhere:1");
    env.fromSource(
            RawStream.live(pipeline.topics(), pipeline.tables(), pipeline.catalogLoader(), client),
            WatermarkStrategy.noWatermarks(),
            "source",
            InChainType.of(RawMessage.class))
        .uid("source")
        .setParallelism(parallelism)
        .transform(
            "refine",
            InChainType.of(Refinement.class),
            new Refine(pipeline, FakeLog::new, HistoryRecords::refiner, Duration.ofMillis(50)))
        .uid("refine")
        .setParallelism(parallelism)
        .transform("emitted", InChainType.of(Refinement.class), new Emitted())
        .uid("emitted")
        .setParallelism(parallelism);
    return env.getStreamGraph();
  }

  private static String text(RangeMarker marker) {
    return marker.partition().partition() + marker.range().toString();
  }

  /** Notes what it gets. */
  private static final class Emitted extends AbstractStreamOperator<Refinement>
      implements OneInputStreamOperator<Refinement, Refinement> {
    private static final long serialVersionUID = 1;
    static final List<RangeMarker> MARKERS = new ArrayList<>();
    static final List<PipelineTable> ROWS = new ArrayList<>();

    Emitted() {
      setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    static void clear() {
      MARKERS.clear();
      ROWS.clear();
    }

    @Override
    public void processElement(StreamRecord<Refinement> element) {
      Refinement value = element.getValue();
      if (value.marker() != null) {
        MARKERS.add(value.marker());
      } else {
        ROWS.add(value.table());
      }
    }
  }

  private static final class FakeLog implements StreamLog {
    static String streamId;
    static long earliest;

    static void reset() {
      streamId = "stream";
      earliest = 0;
    }

    @Override
    public Map<String, String> streamIds(Collection<String> topics) {
      Map<String, String> ids = new HashMap<>();
      topics.forEach(topic -> ids.put(topic, streamId));
      return ids;
    }

    @Override
    public List<TopicPartition> partitions(Collection<String> topics) {
      return topics.stream().map(topic -> new TopicPartition(topic, 0)).collect(toList());
    }

    @Override
    public long earliest(String topic, int partition) {
      return earliest;
    }

    @Override
    public void close() {}
  }
}
