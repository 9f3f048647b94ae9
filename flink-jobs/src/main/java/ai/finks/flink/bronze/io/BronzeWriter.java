package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.core.ObjectBuffer;
import ai.finks.flink.bronze.core.ObjectName;
import ai.finks.flink.bronze.core.Sha256;
import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecordDecoder;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/**
 * Collects messages as lines of the objects that they belong to and writes an object out when it
 * reaches the roll size, when all open ones together reach their bound (then the largest), and
 * ahead of each checkpoint: nothing is held across a barrier.
 *
 * <p>An object is written in one go, because its name says its last offset and recoverable writers
 * cannot rename. Memory: the bound for open objects, and what one record may add to it.
 */
final class BronzeWriter implements CommittingSinkWriter<BronzeInput, BronzeCommittable> {
  private final ObjectFiles files;
  private final RawRecordDecoder decoder;
  private final RollPolicy roll;
  private final Clock clock;
  private final MessageDigest sha256 = Sha256.begin();
  private final Map<StreamPartition, PartitionWriter> partitions = new HashMap<>();
  private final SortedMap<StreamPartition, OffsetRange> ranges = new TreeMap<>();
  private List<PendingObject> written = new ArrayList<>();
  private long openBytes;

  BronzeWriter(ObjectFiles files, RawRecordDecoder decoder, RollPolicy roll, Clock clock) {
    this.files = files;
    this.decoder = decoder;
    this.roll = roll;
    this.clock = clock;
  }

  @Override
  public void write(BronzeInput input, Context context) throws IOException {
    PartitionWriter partition = partitions.computeIfAbsent(input.partition(), PartitionWriter::new);
    RangeMarker marker = input.marker();
    if (marker != null) {
      ranges.merge(marker.partition(), partition.endRange(marker.range()), OffsetRange::then);
    }
    RawMessage message = input.message();
    if (message != null) {
      add(message, partition);
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException {
    FaultPoints.pass("bronze.writer.before-objects-close");
    for (PartitionWriter partition : partitions.values()) {
      for (ObjectBuffer object : partition.open()) {
        writeOut(partition, object);
      }
    }
  }

  @Override
  public Collection<BronzeCommittable> prepareCommit() {
    if (ranges.isEmpty()) {
      if (!written.isEmpty()) {
        throw new IllegalStateException("Objects without a range: " + written);
      }
      return List.of();
    }
    BronzeCommittable committable = new BronzeCommittable(0, written, new TreeMap<>(ranges));
    written = new ArrayList<>();
    ranges.clear();
    return List.of(committable);
  }

  @Override
  public void close() {
    partitions.clear();
  }

  private void add(RawMessage message, PartitionWriter partition) throws IOException {
    ObjectBuffer object = partition.add(message, decoder);
    openBytes += object.takeGrowth();
    if (object.lines().size() >= roll.objectBytes()) {
      writeOut(partition, object);
    }
    while (openBytes > roll.openBytes()) {
      writeOutLargest();
    }
  }

  private void writeOutLargest() throws IOException {
    PartitionWriter owner = null;
    ObjectBuffer largest = null;
    for (PartitionWriter partition : partitions.values()) {
      for (ObjectBuffer object : partition.open()) {
        if (largest == null || object.lines().size() > largest.lines().size()) {
          owner = partition;
          largest = object;
        }
      }
    }
    if (owner == null || largest == null) {
      throw new IllegalStateException(openBytes + " bytes are open, but no object is");
    }
    writeOut(owner, largest);
  }

  private void writeOut(PartitionWriter owner, ObjectBuffer object) throws IOException {
    owner.close(object);
    openBytes -= object.lines().capacity();
    StreamPartition partition = owner.partition();
    ObjectName name =
        ObjectName.of(
            clock.instant(),
            partition.topic(),
            partition.partition(),
            object.first(),
            object.last());
    String path = object.folder() + "/" + name;
    byte[] bytes = object.lines().array();
    int length = object.lines().size();
    byte[] recoverable = files.write(path, bytes, length);
    sha256.update(bytes, 0, length);
    ObjectContent content =
        new ObjectContent(
            object.first(), object.last(), object.records(), length, Sha256.end(sha256));
    written.add(
        new PendingObject(path, object.source(), object.runId(), partition, content, recoverable));
  }
}
