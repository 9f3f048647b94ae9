package ai.finks.stack.chaos;

import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.StreamPartition;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Remembers what every snapshot that was ever seen says of offsets, expired ones included. */
final class OffsetWatch {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Offsets by stream partition, per table in the order of its commits. */
  private final Map<String, SortedMap<Long, Map<String, Long>>> seen = new TreeMap<>();

  private long snapshots;

  /** Looks at the snapshots that a table has now. */
  void look(String name, Table table) {
    SortedMap<Long, Map<String, Long>> ofTable = seen.computeIfAbsent(name, n -> new TreeMap<>());
    for (Snapshot snapshot : table.snapshots()) {
      String offsets = snapshot.summary().get(Carrier.OFFSETS);
      if (offsets != null && !ofTable.containsKey(snapshot.sequenceNumber())) {
        ofTable.put(snapshot.sequenceNumber(), parse(offsets));
        snapshots++;
      }
    }
  }

  long snapshots() {
    return snapshots;
  }

  private static Map<String, Long> parse(String text) {
    Map<String, Long> offsets = new HashMap<>();
    try {
      JsonNode streams = JSON.readTree(text);
      streams
          .fields()
          .forEachRemaining(
              stream ->
                  stream
                      .getValue()
                      .fields()
                      .forEachRemaining(
                          partition ->
                              offsets.put(
                                  stream.getKey() + "/" + partition.getKey(),
                                  partition.getValue().asLong())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Unreadable offsets in a snapshot summary: " + text, e);
    }
    return offsets;
  }

  /** Where an offset is lower than, or missing after, one of an earlier commit of the table. */
  Verdict verdict() {
    List<String> findings = new ArrayList<>();
    seen.forEach(
        (table, commits) -> {
          Map<String, Long> highest = new HashMap<>();
          commits.forEach(
              (sequence, offsets) -> {
                highest.forEach(
                    (partition, before) -> {
                      long now = offsets.getOrDefault(partition, -1L);
                      if (now < before) {
                        findings.add(
                            table
                                + " goes from "
                                + before
                                + " to "
                                + now
                                + " in "
                                + partition
                                + " at commit "
                                + sequence);
                      }
                    });
                highest.putAll(offsets);
              });
        });
    return new Verdict(6, "committed offsets never go backwards within a stream", findings);
  }

  /** The name that offsets have in summaries. */
  static String name(StreamPartition partition) {
    return partition.toString();
  }
}
