package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.LeftOut;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayScope;
import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.function.ContractRefiner;
import ai.finks.flink.silver.function.PartitionWork;
import ai.finks.flink.silver.function.RecordRefiner;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.silver.io.StoredVersions.Layer;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * Refines as the live job does, but knows of keys what was known when the replayed offsets were
 * read first: what the entity's own tables hold from before them, and what is staged since.
 */
public final class ReplayMemory implements RecordRefiner.Factory {
  private static final long serialVersionUID = 1;

  private final RecordRefiner.Factory live;
  private final Pipeline livePipeline;
  private final String plan;
  private final TreeSet<String> laterStreams = new TreeSet<>();

  /**
   * @param live makes {@link ContractRefiner}s
   * @param livePipeline whose tables hold what lies before the replayed offsets
   */
  public ReplayMemory(RecordRefiner.Factory live, Pipeline livePipeline, ReplayPlan plan) {
    this.live = live;
    this.livePipeline = livePipeline;
    this.plan = plan.toJson();
  }

  /** The same, but what came by these streams is not known yet. */
  public ReplayMemory before(Collection<String> streamIds) {
    ReplayMemory before = new ReplayMemory(live, livePipeline, ReplayPlan.parse(plan));
    before.laterStreams.addAll(streamIds);
    return before;
  }

  @Override
  public RecordRefiner open() {
    return new Refiner((ContractRefiner) live.open());
  }

  private final class Refiner implements RecordRefiner {
    private final ContractRefiner refiner;
    private final ReplayPlan replay = ReplayPlan.parse(plan);
    private final ReplayScope scope = replay.scope();
    private final Expression files;

    Refiner(ContractRefiner refiner) {
      this.refiner = refiner;
      SilverPlan silver = refiner.plan();
      Optional<LongPredicate> wanted =
          LeftOut.wanted(replay.range(), silver.contract(), !silver.previousRules().isEmpty());
      wanted.ifPresent(silver::only);
      files =
          wanted.isPresent()
              ? new TouchedFiles(replay, silver.contract()).times()
              : Expressions.alwaysTrue();
    }

    @Override
    public void refine(RawMessage message, PartitionWork work, Consumer<Refinement> out) {
      refiner.refine(message, work, out);
    }

    @Override
    public Map<StreamPartition, KeyMemory> load(
        Map<StreamPartition, Long> beforeOffsets, Map<PipelineTable, Table> staged) {
      try (LakeCatalog catalog = livePipeline.catalogLoader().open()) {
        Map<PipelineTable, Table> own = livePipeline.load(catalog);
        List<Layer> layers = new ArrayList<>(List.of(Layer.all(staged)));
        if (!isFromTheBeginning(Objects.requireNonNull(own.get(PipelineTable.SILVER)))) {
          layers.add(Layer.some(own, knownBefore()).within(files));
        }
        return refiner.load(beforeOffsets, layers);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Whether all that the table has lies in the replayed offsets, or behind them. */
    private boolean isFromTheBeginning(Table silver) {
      return RecordedOffsets.of(silver).entrySet().stream()
          .filter(recorded -> recorded.getValue() > 0)
          .map(recorded -> replay.offsets().get(recorded.getKey()))
          .allMatch(read -> read != null && read.start() == 0);
    }

    /** What is replayed counts once it is staged. */
    private Predicate<Record> knownBefore() {
      return row -> {
        String streamId = (String) row.getField("_stream_id");
        return !laterStreams.contains(streamId)
            && !scope.reads(
                streamId, (Integer) row.getField("_partition"), (Long) row.getField("_offset"));
      };
    }
  }
}
