package ai.finks.flink.stream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * Polls another reader until a group is full or nothing more is there, and hands the group over
 * within the same call: a checkpoint, which comes between two calls, finds no message on its way.
 */
final class GroupingReader<S extends SourceSplit> implements SourceReader<RawMessage, S> {
  static final int GROUP = 64;

  private final SourceReader<RawMessage, S> reader;
  private final Group group = new Group();

  GroupingReader(SourceReader<RawMessage, S> reader) {
    this.reader = reader;
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RawMessage> output) throws Exception {
    InputStatus status = InputStatus.MORE_AVAILABLE;
    group.begin();
    for (int polls = 0; polls < GROUP && status == InputStatus.MORE_AVAILABLE; polls++) {
      status = reader.pollNext(group);
    }
    group.moveTo(output);
    return status;
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public List<S> snapshotState(long checkpointId) {
    return reader.snapshotState(checkpointId);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return reader.isAvailable();
  }

  @Override
  public void addSplits(List<S> splits) {
    reader.addSplits(splits);
  }

  @Override
  public void notifyNoMoreSplits() {
    reader.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    reader.handleSourceEvents(event);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    reader.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    reader.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
    reader.pauseOrResumeSplits(toPause, toResume);
  }

  @Override
  public void close() throws Exception {
    reader.close();
  }

  /** Takes messages; those of one partition that come one behind the other are linked. */
  private static final class Group implements ReaderOutput<RawMessage> {
    private final List<RawMessage> firsts = new ArrayList<>();
    private @Nullable RawMessage last;

    void begin() {
      firsts.clear();
      last = null;
    }

    void moveTo(ReaderOutput<RawMessage> output) {
      for (int i = 0; i < firsts.size(); i++) {
        output.collect(firsts.get(i));
      }
      begin();
    }

    @Override
    public void collect(RawMessage message) {
      RawMessage before = last;
      if (before == null || !before.isSamePartition(message)) {
        firsts.add(message);
      } else {
        before.setNext(message);
      }
      last = message;
    }

    @Override
    public void collect(RawMessage message, long timestamp) {
      collect(message);
    }

    @Override
    public SourceOutput<RawMessage> createOutputForSplit(String splitId) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String splitId) {
      // All splits share the one group.
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      throw new UnsupportedOperationException("raw messages have no watermarks: " + watermark);
    }

    @Override
    public void markIdle() {
      // Idleness is a matter of watermarks.
    }

    @Override
    public void markActive() {
      // Idleness is a matter of watermarks.
    }
  }
}
