package ai.finks.flink.stream;

import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A source that hands over the messages of another one in groups, each as its first message with
 * the others behind it ({@link RawMessage#next}): what follows in the chain then sees what comes
 * next, and the engine is called once for many messages. A group holds messages of one stream
 * partition, and only such as are there already: nothing waits for more.
 *
 * <p>Splits, state and their serializers are the other source's. To be used without watermarks.
 */
public final class GroupingSource<S extends SourceSplit, E> implements Source<RawMessage, S, E> {
  private static final long serialVersionUID = 1;

  private final Source<RawMessage, S, E> source;

  private GroupingSource(Source<RawMessage, S, E> source) {
    this.source = source;
  }

  public static <S extends SourceSplit, E> GroupingSource<S, E> of(
      Source<RawMessage, S, E> source) {
    return new GroupingSource<>(source);
  }

  @Override
  public Boundedness getBoundedness() {
    return source.getBoundedness();
  }

  @Override
  public SourceReader<RawMessage, S> createReader(SourceReaderContext context) throws Exception {
    return new GroupingReader<>(source.createReader(context));
  }

  @Override
  public SplitEnumerator<S, E> createEnumerator(SplitEnumeratorContext<S> context)
      throws Exception {
    return source.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<S, E> restoreEnumerator(SplitEnumeratorContext<S> context, E checkpoint)
      throws Exception {
    return source.restoreEnumerator(context, checkpoint);
  }

  @Override
  public SimpleVersionedSerializer<S> getSplitSerializer() {
    return source.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<E> getEnumeratorCheckpointSerializer() {
    return source.getEnumeratorCheckpointSerializer();
  }
}
