package ai.finks.flink.replay.core;

import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a replay was decided to do before it began, and what it holds on to when it is resumed:
 * which offsets it reads from where, which rows of them it takes, and by which contract. Immutable.
 */
public final class ReplayPlan {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String id;
  private final String entity;
  private final ReplayRange range;
  private final String origin;
  private final ContractChoice contract;
  private final TreeMap<StreamPartition, OffsetRange> offsets;
  private final ReplayScope scope;

  private ReplayPlan(
      String id,
      String entity,
      ReplayRange range,
      String origin,
      ContractChoice contract,
      SortedMap<StreamPartition, OffsetRange> offsets) {
    this.id = Objects.requireNonNull(id);
    this.entity = Objects.requireNonNull(entity);
    this.range = Objects.requireNonNull(range);
    this.origin = Objects.requireNonNull(origin);
    this.contract = Objects.requireNonNull(contract);
    this.offsets = new TreeMap<>(offsets);
    this.offsets.values().removeIf(OffsetRange::isEmpty);
    this.scope = new ReplayScope(this.offsets, range);
  }

  /**
   * @param id names the replay, its staged tables and its commits
   * @param origin {@code stream} or {@code bronze}
   * @param contract {@code live} or {@code current}
   * @param offsets what is read; empty ranges are left out
   */
  public static ReplayPlan of(
      String id,
      String entity,
      ReplayRange range,
      String origin,
      ContractChoice contract,
      SortedMap<StreamPartition, OffsetRange> offsets) {
    return new ReplayPlan(id, entity, range, origin, contract, offsets);
  }

  /**
   * @throws IllegalArgumentException if the text is no plan
   */
  public static ReplayPlan parse(String json) {
    try {
      JsonNode plan = JSON.readTree(json);
      JsonNode range = plan.required("range");
      TreeMap<StreamPartition, OffsetRange> offsets = new TreeMap<>();
      for (JsonNode slice : plan.required("offsets")) {
        offsets.put(
            StreamPartition.of(
                slice.required("topic").asText(),
                slice.required("stream_id").asText(),
                slice.required("partition").asInt()),
            OffsetRange.of(
                slice.required("from").asLong(), slice.required("to").asLong(), Counts.none()));
      }
      return new ReplayPlan(
          plan.required("id").asText(),
          plan.required("entity").asText(),
          ReplayRange.parse(
              range.required("by").asText(),
              range.required("from_micros").asLong(),
              range.required("to_micros").asLong()),
          plan.required("origin").asText(),
          new ContractChoice(
              plan.required("contract").asText(),
              plan.required("contract_version").asInt(),
              plan.path("applied").asText()),
          offsets);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a replay's plan: " + json, e);
    }
  }

  public String toJson() {
    ObjectNode plan = JSON.createObjectNode().put("id", id).put("entity", entity);
    plan.putObject("range")
        .put("by", range.by().label())
        .put("from_micros", range.fromMicros())
        .put("to_micros", range.toMicros());
    plan.put("origin", origin)
        .put("contract", contract.label())
        .put("contract_version", contract.version())
        .put("applied", contract.applied());
    ArrayNode slices = plan.putArray("offsets");
    offsets.forEach(
        (at, read) ->
            slices
                .addObject()
                .put("topic", at.topic())
                .put("stream_id", at.streamId())
                .put("partition", at.partition())
                .put("from", read.start())
                .put("to", read.end()));
    return plan.toString();
  }

  public String id() {
    return id;
  }

  public String entity() {
    return entity;
  }

  public ReplayRange range() {
    return range;
  }

  /** {@code stream} or {@code bronze}. */
  public String origin() {
    return origin;
  }

  public ContractChoice contract() {
    return contract;
  }

  /** What is read, none of it empty. */
  public SortedMap<StreamPartition, OffsetRange> offsets() {
    return Collections.unmodifiableSortedMap(offsets);
  }

  public ReplayScope scope() {
    return scope;
  }

  /** How many offsets are read. */
  public long records() {
    return offsets.values().stream().mapToLong(range -> range.end() - range.start()).sum();
  }

  /** The offsets as snapshots tell them: {@code topic@streamId/partition[from,to)}. */
  public String ranges() {
    StringBuilder text = new StringBuilder();
    offsets.forEach(
        (at, read) ->
            text.append(text.length() == 0 ? "" : " ")
                .append(at)
                .append('[')
                .append(read.start())
                .append(',')
                .append(read.end())
                .append(')'));
    return text.toString();
  }
}
