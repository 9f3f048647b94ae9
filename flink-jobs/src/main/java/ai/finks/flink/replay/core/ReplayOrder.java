package ai.finks.flink.replay.core;

import ai.finks.flink.table.OffsetRange;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What somebody asks to be replayed. Immutable. */
public final class ReplayOrder {
  private final String id;
  private final String entity;
  private final ReplayRange range;
  private final ContractChoice contract;
  private final TreeSet<String> topics;
  private @Nullable String origin;
  private Map<String, Map<Integer, OffsetRange>> offsets = Map.of();

  /**
   * @param id names the replay
   * @param topics of the sources that are asked for
   */
  public ReplayOrder(
      String id, String entity, ReplayRange range, ContractChoice contract, Set<String> topics) {
    this.id = Objects.requireNonNull(id);
    this.entity = Objects.requireNonNull(entity);
    this.range = range;
    this.contract = contract;
    this.topics = new TreeSet<>(topics);
  }

  /** The same, but read from there, whatever the other origin has. */
  public ReplayOrder from(@Nullable String wantedOrigin) {
    ReplayOrder order = copy();
    order.origin = wantedOrigin;
    return order;
  }

  /** The same, but of exactly these offsets, by topic and partition. */
  public ReplayOrder of(Map<String, Map<Integer, OffsetRange>> wantedOffsets) {
    ReplayOrder order = copy();
    order.offsets = new TreeMap<>(wantedOffsets);
    return order;
  }

  private ReplayOrder copy() {
    ReplayOrder copy = new ReplayOrder(id, entity, range, contract, topics);
    copy.origin = origin;
    copy.offsets = offsets;
    return copy;
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

  public ContractChoice contract() {
    return contract;
  }

  public Set<String> topics() {
    return new TreeSet<>(topics);
  }

  /** {@code stream} or {@code bronze}; empty to choose the stream as long as it has all. */
  public Optional<String> origin() {
    return Optional.ofNullable(origin);
  }

  /** Explicit offsets by topic and partition; empty where times are asked for. */
  public Map<String, Map<Integer, OffsetRange>> offsets() {
    return offsets;
  }
}
