package ai.finks.flink.history;

import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.jspecify.annotations.Nullable;

/**
 * Reads a subtask's splits one after the other, beside the task's own thread. Memory: batches of a
 * few megabytes, the lines of the objects that are open, and the ledger's rows of the topics.
 */
final class BronzeSplitReader implements SplitReader<RawMessage, BronzeSplit> {
  private static final int BATCH_RECORDS = 2_000;
  private static final long BATCH_BYTES = 2 << 20;

  private final CatalogLoader catalogLoader;
  private final String lakeRoot;
  private final Collection<String> topics;
  private final Queue<BronzeSplit> splits = new ArrayDeque<>();
  private @Nullable BronzeLedger ledger;
  private @Nullable BronzeSplit current;
  private @Nullable PartitionCursor cursor;

  BronzeSplitReader(CatalogLoader catalogLoader, String lakeRoot, Collection<String> topics) {
    this.catalogLoader = catalogLoader;
    this.lakeRoot = lakeRoot;
    this.topics = topics;
  }

  @Override
  public void handleSplitsChanges(SplitsChange<BronzeSplit> change) {
    if (!(change instanceof SplitsAddition)) {
      throw new IllegalArgumentException("Splits of Bronze are only added: " + change);
    }
    splits.addAll(change.splits());
  }

  @Override
  public RecordsWithSplitIds<RawMessage> fetch() throws IOException {
    RecordsBySplits.Builder<RawMessage> batch = new RecordsBySplits.Builder<>();
    PartitionCursor reading = cursor();
    BronzeSplit split = current;
    if (reading == null || split == null) {
      return batch.build();
    }
    long bytes = 0;
    for (int i = 0; i < BATCH_RECORDS && bytes < BATCH_BYTES; i++) {
      RawMessage message = reading.next();
      if (message == null) {
        batch.addFinishedSplit(split.splitId());
        reading.close();
        cursor = null;
        break;
      }
      batch.add(split, message);
      bytes += size(message);
    }
    return batch.build();
  }

  private @Nullable PartitionCursor cursor() throws IOException {
    if (cursor == null) {
      BronzeSplit split = splits.poll();
      current = split;
      if (split != null) {
        cursor =
            new PartitionCursor(
                lakeRoot,
                split.partition(),
                split.next(),
                split.end(),
                ledger().objects(split.partition(), split.next(), split.end()));
      }
    }
    return cursor;
  }

  private BronzeLedger ledger() throws IOException {
    BronzeLedger known = ledger;
    if (known == null) {
      try (LakeCatalog catalog = catalogLoader.open()) {
        known = BronzeLedger.read(catalog.load(LakeTables.BRONZE_FILES), topics);
      }
      ledger = known;
    }
    return known;
  }

  private static long size(RawMessage message) {
    DecodedRecord decoded = message.decoded();
    RawRecord record = decoded == null ? null : decoded.record();
    return record == null ? message.value().length : record.payload().length;
  }

  @Override
  public void wakeUp() {
    // A batch takes milliseconds.
  }

  @Override
  public void close() throws IOException {
    if (cursor != null) {
      cursor.close();
    }
  }
}
