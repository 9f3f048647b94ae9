package ai.finks.flink.silver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SubTaskInitializationMetricsBuilder;
import org.apache.flink.runtime.checkpoint.TaskStateSnapshot;
import org.apache.flink.runtime.io.disk.iomanager.IOManagerAsync;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.runtime.partitioner.ForwardPartitioner;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.util.InstantiationUtil;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Runs the operators of a job, behind its sources, one after the other in the calling thread: what
 * a test hands to it takes the same way as in a cluster, and the test decides when a checkpoint is
 * taken, whether it is completed, and when all is lost.
 *
 * <p>Every operator has one kind of input; side outputs and shuffles go where the job's graph sends
 * them.
 */
final class HarnessJob implements AutoCloseable {

  /** The state of all operators at one barrier. */
  static final class State {
    final long checkpointId;
    private final Map<String, List<OperatorSubtaskState>> byOperator = new HashMap<>();

    State(long checkpointId) {
      this.checkpointId = checkpointId;
    }
  }

  private static final int MAX_PARALLELISM = 128;

  private final List<Stage> stages = new ArrayList<>();
  private final Map<Integer, Stage> stageOfNode = new HashMap<>();
  private final List<Stage> first = new ArrayList<>();

  /**
   * @param sinksFirst whether operators without state are started from the last to the first; tasks
   *     start in any order
   */
  HarnessJob(StreamGraph graph, @Nullable State restored, boolean sinksFirst) throws Exception {
    for (Integer source : graph.getSourceIDs()) {
      for (StreamEdge edge : graph.getStreamNode(source).getOutEdges()) {
        first.add(stage(graph, edge.getTargetId()));
      }
    }
    List<Stage> order = new ArrayList<>(stages);
    // Restored state waits for what the sinks settle.
    if (!sinksFirst && restored == null) {
      Collections.reverse(order);
    }
    for (Stage stage : order) {
      stage.open(restored);
    }
    // Upstream before downstream from here on.
    Collections.reverse(stages);
  }

  /** Adds what lies behind a node before the node itself. */
  private Stage stage(StreamGraph graph, int nodeId) throws Exception {
    Stage known = stageOfNode.get(nodeId);
    if (known != null) {
      return known;
    }
    StreamNode node = graph.getStreamNode(nodeId);
    List<Route> routes = new ArrayList<>();
    for (StreamEdge edge : node.getOutEdges()) {
      routes.add(new Route(edge, stage(graph, edge.getTargetId())));
    }
    Stage stage = new Stage(node, routes);
    stages.add(stage);
    stageOfNode.put(nodeId, stage);
    return stage;
  }

  int parallelism() {
    return first.get(0).parallelism;
  }

  /** Hands a value to one subtask of the operators behind the sources. */
  void process(int subtask, Object value) throws Exception {
    for (Stage stage : first) {
      stage.process(subtask, value);
    }
  }

  /** Takes a checkpoint at a barrier that all operators see after all that was handed in. */
  State checkpoint(long checkpointId) throws Exception {
    State state = new State(checkpointId);
    for (Stage stage : stages) {
      state.byOperator.put(stage.uid, stage.checkpoint(checkpointId));
    }
    return state;
  }

  /** Says that a checkpoint and all before it are safe; the sink commits. */
  void complete(long checkpointId) throws Exception {
    for (Stage stage : stages) {
      for (Subtask subtask : stage.subtasks) {
        subtask.harness.notifyOfCompletedCheckpoint(checkpointId);
      }
    }
  }

  /** Ends all operators; what was not committed stays undone. */
  @Override
  public void close() {
    for (Stage stage : stages) {
      for (Subtask subtask : stage.subtasks) {
        try {
          subtask.harness.kill();
        } catch (Exception e) {
          throw new IllegalStateException("Operator " + stage.uid + " does not close", e);
        }
      }
    }
  }

  private static final class Stage {
    final String uid;
    final int parallelism;
    final List<Subtask> subtasks = new ArrayList<>();

    Stage(StreamNode node, List<Route> routes) throws Exception {
      uid =
          node.getTransformationUID() == null
              ? node.getOperatorName()
              : node.getTransformationUID();
      parallelism = node.getParallelism();
      for (int i = 0; i < parallelism; i++) {
        subtasks.add(new Subtask(node.getOperatorFactory(), this, i, routes));
      }
    }

    void open(@Nullable State restored) throws Exception {
      List<OperatorSubtaskState> states = restored == null ? null : restored.byOperator.get(uid);
      for (int i = 0; i < parallelism; i++) {
        OperatorHarness harness = subtasks.get(i).harness;
        if (states != null && restored != null) {
          harness.restore(share(states, i), restored.checkpointId);
        } else {
          harness.initializeEmptyState();
          harness.open();
        }
      }
    }

    private OperatorSubtaskState share(List<OperatorSubtaskState> states, int index)
        throws Exception {
      OperatorSubtaskState all =
          AbstractStreamOperatorTestHarness.repackageState(
              states.toArray(new OperatorSubtaskState[0]));
      return AbstractStreamOperatorTestHarness.repartitionOperatorState(
          all, MAX_PARALLELISM, states.size(), parallelism, index);
    }

    void process(int subtask, Object value) throws Exception {
      subtasks.get(subtask).process(value);
    }

    List<OperatorSubtaskState> checkpoint(long checkpointId) throws Exception {
      List<OperatorSubtaskState> states = new ArrayList<>();
      for (Subtask subtask : subtasks) {
        subtask.harness.prepareSnapshotPreBarrier(checkpointId);
        subtask.handOverRest();
        states.add(subtask.harness.snapshot(checkpointId, checkpointId));
      }
      return states;
    }
  }

  /** The way from one operator to another. */
  private static final class Route {
    final StreamEdge edge;
    private final Stage target;

    Route(StreamEdge edge, Stage target) {
      this.edge = edge;
      this.target = target;
    }

    void take(int from, Object value) throws Exception {
      target.process(channel(from, value), value);
    }

    @SuppressWarnings("unchecked")
    private int channel(int from, Object value) {
      if (edge.getPartitioner() instanceof ForwardPartitioner) {
        return from;
      }
      StreamPartitioner<Object> partitioner = (StreamPartitioner<Object>) edge.getPartitioner();
      partitioner.setup(target.parallelism);
      SerializationDelegate<StreamRecord<Object>> record = new SerializationDelegate<>(null);
      record.setInstance(new StreamRecord<>(value));
      return partitioner.selectChannel(record);
    }
  }

  private static final class Subtask {
    final OperatorHarness harness;
    private final int index;
    private final List<Route> routes;

    Subtask(StreamOperatorFactory<?> factory, Stage stage, int index, List<Route> routes)
        throws Exception {
      this.index = index;
      this.routes = routes;
      @SuppressWarnings("unchecked")
      StreamOperatorFactory<Object> own =
          (StreamOperatorFactory<Object>) InstantiationUtil.clone(factory);
      harness = new OperatorHarness(own, stage.parallelism, index);
      harness.getExecutionConfig().enableObjectReuse();
      harness.setup(new HandOver(routes, index));
    }

    void process(Object value) throws Exception {
      harness.process(value);
      handOverRest();
    }

    /** The main output was handed over when it was emitted. */
    void handOverRest() throws Exception {
      harness.getOutput().clear();
      for (Route route : routes) {
        OutputTag<?> tag = route.edge.getOutputTag();
        Queue<? extends StreamRecord<?>> late = tag == null ? null : harness.getSideOutput(tag);
        while (late != null && !late.isEmpty()) {
          route.take(index, late.remove().getValue());
        }
      }
    }
  }

  /** A harness that tells the operator which checkpoint it is restored from. */
  private static final class OperatorHarness extends AbstractStreamOperatorTestHarness<Object> {

    OperatorHarness(StreamOperatorFactory<Object> factory, int parallelism, int index)
        throws Exception {
      super(
          factory,
          new MockEnvironmentBuilder()
              .setMaxParallelism(MAX_PARALLELISM)
              .setParallelism(parallelism)
              .setSubtaskIndex(index)
              .setIOManager(SharedIo.INSTANCE)
              .build());
    }

    @SuppressWarnings("unchecked")
    void process(Object value) throws Exception {
      OneInputStreamOperator<Object, Object> one =
          (OneInputStreamOperator<Object, Object>) operator;
      StreamRecord<Object> element = new StreamRecord<>(value);
      one.setKeyContextElement(element);
      one.processElement(element);
    }

    /** Without telling the operator that its input has ended, as closing the harness would. */
    void kill() throws Exception {
      operator.close();
      getEnvironment().close();
    }

    void restore(OperatorSubtaskState state, long checkpointId) throws Exception {
      TaskStateSnapshot snapshot = new TaskStateSnapshot();
      snapshot.putSubtaskStateByOperatorID(operator.getOperatorID(), state);
      taskStateManager.restoreLatestCheckpointState(Map.of(checkpointId, snapshot));
      operator.initializeState(
          mockTask.createStreamTaskStateInitializer(new SubTaskInitializationMetricsBuilder(0)));
      operator.open();
    }
  }

  /** Each has threads and folders, which no operator of ours uses. */
  private static final class SharedIo extends IOManagerAsync {
    static final SharedIo INSTANCE = new SharedIo();

    @Override
    public void close() {
      // Others use it.
    }
  }

  /** The harness copies what an operator emits: here that is where the next operator takes it. */
  private static final class HandOver extends TypeSerializerSingleton<Object> {
    private static final long serialVersionUID = 1;

    private final transient List<Route> routes;
    private final int subtask;

    HandOver(List<Route> routes, int subtask) {
      this.routes = routes;
      this.subtask = subtask;
    }

    @Override
    public Object copy(Object value) {
      try {
        for (Route route : routes) {
          if (route.edge.getOutputTag() == null) {
            route.take(subtask, value);
          }
        }
        return value;
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Object copy(Object value, Object reuse) {
      return copy(value);
    }

    @Override
    public boolean isImmutableType() {
      return true;
    }

    @Override
    public Object createInstance() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getLength() {
      return -1;
    }

    @Override
    public void serialize(Object value, DataOutputView target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object deserialize(DataInputView source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object deserialize(Object reuse, DataInputView source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TypeSerializerSnapshot<Object> snapshotConfiguration() {
      return new Nothing();
    }

    /** Nothing is ever stored with this serializer. */
    public static final class Nothing extends SimpleTypeSerializerSnapshot<Object> {
      public Nothing() {
        super(() -> new HandOver(List.of(), 0));
      }
    }
  }

  @Override
  public String toString() {
    return stages.stream().map(s -> s.uid + "*" + s.parallelism).collect(Collectors.joining(" > "));
  }
}
