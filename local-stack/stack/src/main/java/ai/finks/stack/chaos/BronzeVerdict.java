package ai.finks.stack.chaos;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.io.BronzeReader;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Invariant 1: Bronze holds each message once, as it was sent. */
final class BronzeVerdict {
  private final Map<StreamPartition, SentLog.Partition> partitions;
  private final SentLog log;
  private final List<String> findings = new ArrayList<>();
  private final List<String> found = new ArrayList<>();

  BronzeVerdict(Map<StreamPartition, SentLog.Partition> partitions, SentLog log) {
    this.partitions = partitions;
    this.log = log;
  }

  Verdict of(Lake lake, String lakeRoot) throws IOException {
    BronzeReader reader = new BronzeReader(lakeRoot);
    try (CloseableIterable<Record> objects =
        IcebergGenerics.read(lake.load(LakeTables.BRONZE_FILES)).build()) {
      for (Record object : objects) {
        String path = (String) object.getField("path");
        long lines = read(reader, path);
        if (lines != (Long) object.getField("records")) {
          findings.add(path + " has " + lines + " lines, the ledger says " + object);
        }
      }
    }
    List<String> sent = new ArrayList<>();
    log.messages()
        .forEach(
            (partition, messages) ->
                messages.keySet().forEach(offset -> sent.add(partition + "@" + offset)));
    findings.addAll(Verdict.differences("Bronze", sent, found));
    return new Verdict(
        1, "Bronze holds every message of every stream once, byte for byte", findings);
  }

  private long read(BronzeReader reader, String path) {
    try {
      return reader.read(path, this::compare);
    } catch (IOException | IllegalArgumentException e) {
      findings.add(path + " of the ledger cannot be read: " + e);
      return 0;
    }
  }

  private void compare(BronzeEnvelope envelope) {
    SentLog.Partition partition =
        partitions.get(
            StreamPartition.of(envelope.topic(), envelope.streamId(), envelope.partition()));
    if (partition == null) {
      findings.add("Bronze has an unknown stream " + envelope.topic() + "@" + envelope.streamId());
      return;
    }
    found.add(partition + "@" + envelope.offset());
    Sent sent = log.at(partition, envelope.offset());
    if (sent == null) {
      return;
    }
    boolean same =
        sent.raw() == null
            ? Arrays.equals(sent.wire(), envelope.value())
            : Objects.equals(sent.raw(), envelope.record());
    if (!same) {
      findings.add(
          "Bronze has something else than was sent at " + partition + "@" + envelope.offset());
    }
  }
}
