package ai.finks.flink.stream;

import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.StreamPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;

/**
 * The next offset per stream partition in Flink's state, so that ranges meet after a failover or a
 * start from a savepoint.
 *
 * <p>Union list state: partitions may move to any subtask. Each subtask keeps telling of what it
 * was told until a partition's owner knows better; the highest offset of a partition is true.
 * Beside them stands which submission took the snapshot. Costs a line of text per partition and
 * subtask.
 */
public final class ProgressState {
  private static final String WRITER = "writer ";

  private final ListState<String> state;
  private final String writerId;
  private final Set<String> writers = new TreeSet<>();
  private final Map<StreamPartition, Long> restored = new TreeMap<>();

  private ProgressState(ListState<String> state, String writerId) {
    this.state = state;
    this.writerId = writerId;
  }

  /** The state of a job that does not tell its submissions apart. */
  public static ProgressState open(StateInitializationContext context) throws Exception {
    return open(context, "");
  }

  /**
   * @param writerId the submission that runs
   */
  public static ProgressState open(StateInitializationContext context, String writerId)
      throws Exception {
    ListState<String> state =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("progress", StringSerializer.INSTANCE));
    ProgressState progress = new ProgressState(state, writerId);
    if (context.isRestored()) {
      for (String line : state.get()) {
        if (line.startsWith(WRITER)) {
          progress.writers.add(line.substring(WRITER.length()));
        } else {
          progress.restore(line);
        }
      }
    }
    return progress;
  }

  /** Whether a submission wrote this state: then it has run before. */
  public boolean isOf(String submission) {
    return writers.contains(submission);
  }

  /** The next offset to read of a partition, if the state knows it. */
  public OptionalLong next(StreamPartition partition) {
    Long offset = restored.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /**
   * Refuses a state that tells of another stream of the same name: the source's own state would go
   * on in the new topic at the old topic's offsets.
   */
  public void requireSameStreams(Map<String, String> streamIds) {
    for (StreamPartition partition : restored.keySet()) {
      String id = streamIds.get(partition.topic());
      if (id != null && !id.equals(partition.streamId())) {
        throw new JobStoppedException(
            "Topic "
                + partition.topic()
                + " was recreated (stream id "
                + id
                + ", the job's state knows "
                + partition.streamId()
                + "). Start the job without state: it continues from the tables.");
      }
    }
  }

  /**
   * Refuses a state whose offsets the broker no longer has. The source would only fail to read
   * them, again and again.
   */
  public void requireOnBroker(StreamLog broker, Collection<String> topics) {
    restored.forEach(
        (partition, next) -> {
          if (topics.contains(partition.topic())) {
            long earliest = broker.earliest(partition.topic(), partition.partition());
            if (earliest > next) {
              throw StreamGapException.expired(partition, next, earliest);
            }
          }
        });
  }

  public void snapshot(Collection<PartitionProgress> current) throws Exception {
    Map<StreamPartition, Long> all = new TreeMap<>(restored);
    current.forEach(progress -> all.put(progress.partition(), progress.next()));
    List<String> lines = new ArrayList<>();
    if (!writerId.isEmpty()) {
      lines.add(WRITER + writerId);
    }
    all.forEach((partition, next) -> lines.add(line(partition, next)));
    state.update(lines);
  }

  private static String line(StreamPartition partition, long next) {
    return partition.partition()
        + " "
        + next
        + " "
        + partition.streamId()
        + " "
        + partition.topic();
  }

  private void restore(String line) {
    String[] words = line.split(" ", 4);
    StreamPartition partition = StreamPartition.of(words[3], words[2], Integer.parseInt(words[0]));
    restored.merge(partition, Long.parseLong(words[1]), Math::max);
  }
}
