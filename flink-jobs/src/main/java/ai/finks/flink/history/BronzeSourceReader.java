package ai.finks.flink.history;

import ai.finks.flink.stream.RawMessage;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;

/** Hands on what the split reader reads; its state is the next offset of each split. */
final class BronzeSourceReader
    extends SingleThreadMultiplexSourceReaderBase<
        RawMessage, RawMessage, BronzeSplit, BronzeSourceReader.Position> {

  BronzeSourceReader(
      Supplier<SplitReader<RawMessage, BronzeSplit>> splitReader, SourceReaderContext context) {
    super(
        splitReader,
        (message, output, position) -> {
          output.collect(message);
          position.next = message.offset() + 1;
        },
        new Configuration(),
        context);
  }

  @Override
  protected void onSplitFinished(Map<String, Position> finished) {
    // Others are there already, or there are none.
  }

  @Override
  protected Position initializedState(BronzeSplit split) {
    return new Position(split);
  }

  @Override
  protected BronzeSplit toSplitType(String splitId, Position position) {
    return position.split.from(position.next);
  }

  /** How far a split has been handed on. */
  static final class Position {
    private final BronzeSplit split;
    private long next;

    Position(BronzeSplit split) {
      this.split = split;
      this.next = split.next();
    }
  }
}
