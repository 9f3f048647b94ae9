package ai.finks.flink.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.Test;

/** What a group is: messages of one partition, in order, and no more than were there. */
class GroupingReaderTest {
  private final Polled polled = new Polled();
  private final GroupingReader<KafkaPartitionSplit> reader = new GroupingReader<>(polled);
  private final Collected output = new Collected();

  @Test
  void groupEndsWhereNothingMoreIsThereAndEachPartitionHasItsOwn() throws Exception {
    polled.messages(0, 0, 3).messages(1, 0, 2).messages(0, 3, 4);

    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(groups()).containsExactly("0:0,1,2", "1:0,1", "0:3");
  }

  @Test
  void fullGroupIsHandedOverAndTheNextCallGoesOn() throws Exception {
    polled.messages(0, 0, GroupingReader.GROUP + 2);

    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
    assertThat(groups()).singleElement().asString().endsWith("," + (GroupingReader.GROUP - 1));
    output.messages.clear();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(groups())
        .containsExactly("0:" + GroupingReader.GROUP + "," + (GroupingReader.GROUP + 1));
  }

  @Test
  void endOfTheInputComesWithTheLastGroup() throws Exception {
    polled.messages(0, 0, 2).end();

    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
    assertThat(groups()).containsExactly("0:0,1");
  }

  @Test
  void nothingOfAGroupIsHandedOverWhoseReaderFails() {
    polled.messages(0, 0, 2).fail();

    assertThatThrownBy(() -> reader.pollNext(output)).isInstanceOf(IOException.class);
    assertThat(output.messages).isEmpty();
  }

  private List<String> groups() {
    List<String> groups = new ArrayList<>();
    for (RawMessage first : output.messages) {
      List<String> offsets = new ArrayList<>();
      for (RawMessage message = first; message != null; message = message.next()) {
        assertThat(message.partition()).isEqualTo(first.partition());
        offsets.add(String.valueOf(message.offset()));
      }
      groups.add(first.partition() + ":" + String.join(",", offsets));
    }
    return groups;
  }

  /** What was handed over. */
  private static final class Collected implements ReaderOutput<RawMessage> {
    private final List<RawMessage> messages = new ArrayList<>();

    @Override
    public void collect(RawMessage message) {
      messages.add(message);
    }

    @Override
    public void collect(RawMessage message, long timestamp) {
      throw new UnsupportedOperationException("raw messages have no event time yet");
    }

    @Override
    public SourceOutput<RawMessage> createOutputForSplit(String splitId) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String splitId) {
      // All splits share this one.
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      throw new UnsupportedOperationException("raw messages have no watermarks");
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

  /** A reader of messages that are laid down beforehand. */
  private static final class Polled implements SourceReader<RawMessage, KafkaPartitionSplit> {
    private final Deque<RawMessage> messages = new ArrayDeque<>();
    private InputStatus behind = InputStatus.NOTHING_AVAILABLE;
    private boolean fails;

    Polled messages(int partition, long from, long to) {
      for (long offset = from; offset < to; offset++) {
        messages.add(new RawMessage("topic", partition, offset, new byte[0]));
      }
      return this;
    }

    void end() {
      behind = InputStatus.END_OF_INPUT;
    }

    void fail() {
      fails = true;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RawMessage> to) throws Exception {
      RawMessage message = messages.poll();
      if (message == null) {
        if (fails) {
          throw new IOException("the broker is gone");
        }
        return behind;
      }
      to.collect(message);
      return messages.isEmpty() && !fails ? behind : InputStatus.MORE_AVAILABLE;
    }

    @Override
    public void start() {
      // Nothing to begin.
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
      return List.of();
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
      throw new UnsupportedOperationException("messages are laid down, not read from splits");
    }

    @Override
    public void notifyNoMoreSplits() {
      // There are none.
    }

    @Override
    public void close() {
      messages.clear();
    }
  }
}
