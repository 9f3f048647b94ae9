package ai.finks.flink.bronze.io;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Makes one committable of what all writers send ahead of a checkpoint's barrier, so that a
 * checkpoint is one commit. Parallelism 1; holds nothing across a barrier.
 */
final class MergeCommittables extends AbstractStreamOperator<CommittableMessage<BronzeCommittable>>
    implements OneInputStreamOperator<
        CommittableMessage<BronzeCommittable>, CommittableMessage<BronzeCommittable>> {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("NullAway.Init") // open()
  private transient List<BronzeCommittable> parts;

  @Override
  public void open() {
    parts = new ArrayList<>();
  }

  @Override
  public void processElement(StreamRecord<CommittableMessage<BronzeCommittable>> element) {
    CommittableMessage<BronzeCommittable> message = element.getValue();
    if (message instanceof CommittableWithLineage) {
      parts.add(((CommittableWithLineage<BronzeCommittable>) message).getCommittable());
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    BronzeCommittable merged = BronzeCommittable.merge(checkpointId, parts);
    parts.clear();
    output.collect(new StreamRecord<>(new CommittableSummary<>(0, 1, checkpointId, 1, 1, 0)));
    output.collect(new StreamRecord<>(new CommittableWithLineage<>(merged, checkpointId, 0)));
  }
}
