package ai.finks.flink.history;

import ai.finks.flink.bronze.core.ObjectBuffer;
import ai.finks.flink.bronze.core.ObjectName;
import ai.finks.flink.bronze.core.PartitionBuffers;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** Objects of one stream partition on disk, as the bronze job would have written them. */
final class KeptObjects {
  static final long ELEVEN_O_CLOCK = 1_767_610_800_000_000L;
  static final long HOUR = 3_600_000_000L;

  private final Path lake;
  private final StreamPartition partition;
  private final PartitionBuffers buffers;
  private final List<LedgerObject> objects = new ArrayList<>();
  private long rangeStart;
  private long next;

  KeptObjects(Path lake, StreamPartition partition) {
    this.lake = lake;
    this.partition = partition;
    this.buffers =
        new PartitionBuffers(partition.topic(), partition.streamId(), partition.partition());
  }

  void add(String run, long ingestMicros) {
    RawRecord record =
        RawRecord.builder()
            .source("fmp")
            .entity("bars")
            .runId(run)
            .batchId("b")
            .ingestTimeMicros(ingestMicros)
            .contentType("text/plain")
            .payload(("payload " + next).getBytes(StandardCharsets.UTF_8))
            .build();
    buffers.add(next, ingestMicros / 1000, 1, null, record);
    next++;
  }

  void addUndecodable(byte[] value) {
    buffers.addUndecodable(next++, ELEVEN_O_CLOCK / 1000, null, value, "CORRUPT");
  }

  /** Goes on at a later offset, with a range that begins there. */
  void goOnAt(long offset) {
    next = offset;
    rangeStart = offset;
  }

  /** Leaves out an offset, as a log does where a transaction ends. */
  void skip() {
    next++;
  }

  /** Writes what was added since the last commit. */
  void commit() throws Exception {
    for (ObjectBuffer buffer : buffers.open()) {
      write(buffer);
    }
    buffers.closeAll();
    rangeStart = next;
    objects.sort(
        Comparator.comparingLong(LedgerObject::rangeStart).thenComparingLong(LedgerObject::first));
  }

  private void write(ObjectBuffer buffer) throws Exception {
    byte[] bytes = Arrays.copyOf(buffer.lines().array(), buffer.lines().size());
    String path =
        "bronze/"
            + buffer.folder()
            + "/"
            + ObjectName.of(
                Instant.EPOCH,
                partition.topic(),
                partition.partition(),
                buffer.first(),
                buffer.last());
    Path file = lake.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    objects.add(
        LedgerObject.at(path)
            .offsets(buffer.first(), buffer.last())
            .range(rangeStart, next)
            .content(
                buffer.records(),
                bytes.length,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))));
  }

  List<LedgerObject> objects() {
    return objects;
  }

  Path file(int object) {
    return lake.resolve(objects.get(object).path());
  }

  PartitionCursor cursor(long from, long to) {
    List<LedgerObject> some = new ArrayList<>(objects);
    some.removeIf(object -> !object.holdsSomeOf(from, to));
    some.sort(Comparator.comparingLong(LedgerObject::first));
    return new PartitionCursor(lake.toString(), partition, from, to, some);
  }

  static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(from)) {
      throw new AssertionError(from + " is not in " + text);
    }
    Files.writeString(file, text.replace(from, to));
  }
}
