package ai.finks.flink.silver.function;

import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import java.io.Serializable;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.Table;

/** What happens to one message between the stream and the tables. Used by one thread. */
public interface RecordRefiner {

  /** Makes a refiner where an operator runs. */
  @FunctionalInterface
  interface Factory extends Serializable {
    RecordRefiner open();
  }

  /**
   * Turns a message into rows for the pipeline's tables and counts what became of it. Bad messages
   * become quarantine rows; an exception means that the platform failed, and stops the job.
   */
  void refine(RawMessage message, PartitionWork work, Consumer<Refinement> out);

  /**
   * What the tables know of the keys of partitions: each one's own rows before an offset, and the
   * rows of the same source that came by other streams.
   *
   * @param beforeOffsets the partitions and their offsets
   */
  Map<StreamPartition, KeyMemory> load(
      Map<StreamPartition, Long> beforeOffsets, Map<PipelineTable, Table> tables);
}
