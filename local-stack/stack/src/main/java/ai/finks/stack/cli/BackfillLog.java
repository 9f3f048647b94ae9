package ai.finks.stack.cli;

import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a backfill plans and how far each chunk has come, in one file of the home that is replaced
 * as a whole: a command that is given again goes on from there. Thread-safe.
 */
final class BackfillLog {
  private final Path file;
  private final List<Chunk> chunks;

  /** Some days: their ingest, the offsets that it went to, and the audit's outcome. */
  static final class Chunk {
    final LocalDate from;
    final LocalDate to;
    final String runId;
    @Nullable ObjectNode starts;
    @Nullable ObjectNode ends;
    @Nullable ObjectNode outcome;
    @Nullable String replayId;
    List<String> failed = List.of();

    Chunk(LocalDate from, LocalDate to, String runId) {
      this.from = from;
      this.to = to;
      this.runId = runId;
    }

    /** Topic to partition to the offsets that its records lie in, others between them. */
    Map<String, Map<Integer, OffsetRange>> offsets() {
      Map<String, Map<Integer, OffsetRange>> offsets = new TreeMap<>();
      ObjectNode last = ends;
      ObjectNode first = starts;
      if (last == null || first == null) {
        throw new IllegalStateException("before the chunk was sent");
      }
      last.fields()
          .forEachRemaining(
              topic ->
                  topic
                      .getValue()
                      .fields()
                      .forEachRemaining(
                          end -> {
                            long start = first.path(topic.getKey()).path(end.getKey()).asLong();
                            if (end.getValue().asLong() > start) {
                              offsets
                                  .computeIfAbsent(topic.getKey(), name -> new TreeMap<>())
                                  .put(
                                      Integer.parseInt(end.getKey()),
                                      OffsetRange.of(
                                          start, end.getValue().asLong(), Counts.none()));
                            }
                          }));
      return offsets;
    }
  }

  private BackfillLog(Path file, List<Chunk> chunks) {
    this.file = file;
    this.chunks = chunks;
  }

  /**
   * Opens the log of a backfill, or plans it: chunks of so many days.
   *
   * @param id names the backfill; its chunks' runs are {@code <id>-<first day>}
   */
  static BackfillLog open(Path folder, String id, LocalDate from, LocalDate to, int chunkDays)
      throws IOException {
    Path file = folder.resolve(id + ".json");
    List<Chunk> chunks = new ArrayList<>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(chunkDays)) {
      LocalDate last = day.plusDays(chunkDays - 1L);
      chunks.add(new Chunk(day, last.isAfter(to) ? to : last, id + "-" + day));
    }
    if (Files.exists(file)) {
      JsonNode known = CommonOptions.JSON.readTree(file.toFile());
      for (Chunk chunk : chunks) {
        JsonNode of = known.path(chunk.runId);
        chunk.starts = of.path("starts") instanceof ObjectNode starts ? starts : null;
        chunk.ends = of.path("ends") instanceof ObjectNode ends ? ends : null;
        chunk.outcome = of.path("outcome") instanceof ObjectNode outcome ? outcome : null;
        chunk.replayId = of.hasNonNull("replay_id") ? of.path("replay_id").asText() : null;
        List<String> failed = new ArrayList<>();
        of.path("failed").forEach(each -> failed.add(each.asText()));
        chunk.failed = failed;
      }
    }
    Files.createDirectories(folder);
    return new BackfillLog(file, chunks);
  }

  List<Chunk> chunks() {
    return chunks;
  }

  /** The chunk's records go to offsets from here on. */
  synchronized void sendingFrom(Chunk chunk, Map<StreamPartition, Long> ends) throws IOException {
    if (chunk.starts == null) {
      chunk.starts = offsets(ends);
      write();
    }
  }

  /** All of the chunk's records lie before these offsets. */
  synchronized void sent(Chunk chunk, Map<StreamPartition, Long> ends) throws IOException {
    if (chunk.ends == null) {
      chunk.ends = offsets(ends);
      write();
    }
  }

  /** What was asked for and did not come. */
  synchronized void failed(Chunk chunk, List<String> failed) throws IOException {
    chunk.failed = List.copyOf(failed);
    write();
  }

  /** The chunk is audited by that replay from here on. */
  synchronized void auditing(Chunk chunk, String replayId) throws IOException {
    chunk.replayId = replayId;
    write();
  }

  synchronized void audited(Chunk chunk, ObjectNode outcome) throws IOException {
    chunk.outcome = outcome;
    write();
  }

  private static ObjectNode offsets(Map<StreamPartition, Long> ends) {
    ObjectNode offsets = CommonOptions.JSON.createObjectNode();
    ends.forEach(
        (partition, end) ->
            offsets.withObject("/" + partition.topic()).put("" + partition.partition(), end));
    return offsets;
  }

  private void write() throws IOException {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    for (Chunk chunk : chunks) {
      ObjectNode of = document.putObject(chunk.runId);
      of.set("starts", chunk.starts);
      of.set("ends", chunk.ends);
      of.set("outcome", chunk.outcome);
      of.put("replay_id", chunk.replayId);
      of.set("failed", CommonOptions.JSON.valueToTree(chunk.failed));
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    CommonOptions.JSON.writeValue(fresh.toFile(), document);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The chunks as documents have them. */
  ArrayNode document() {
    ArrayNode array = CommonOptions.JSON.createArrayNode();
    for (Chunk chunk : chunks) {
      ObjectNode each =
          array
              .addObject()
              .put("from", chunk.from.toString())
              .put("to", chunk.to.toString())
              .put("run_id", chunk.runId);
      ObjectNode outcome = chunk.outcome;
      each.put("state", outcome == null ? "planned" : outcome.path("state").asText());
      each.put("replay_id", chunk.replayId);
      each.set("failed", CommonOptions.JSON.valueToTree(chunk.failed));
      if (outcome != null) {
        each.put("records", outcome.path("records").asLong());
        each.put("balanced", outcome.path("audit").path("balanced").asBoolean());
        each.set("rows", outcome.path("rows"));
      }
    }
    return array;
  }
}
