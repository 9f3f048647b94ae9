package ai.finks.flink.silver.io;

import ai.finks.flink.stream.RangeMarker;
import ai.finks.flink.table.StreamPartition;
import java.util.Objects;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline hands to its sinks: a row for one of its tables, or the marker that ends a range.
 *
 * <p>One mutable instance per operator, filled anew for each element: who receives it must have
 * done with it when the call returns.
 */
public final class Refinement {
  private @Nullable PipelineTable table;
  private @Nullable RowData row;
  private @Nullable StreamPartition partition;
  private @Nullable RangeMarker marker;
  private long offset;

  public Refinement row(
      PipelineTable newTable, StreamPartition newPartition, long newOffset, RowData newRow) {
    table = newTable;
    row = newRow;
    partition = newPartition;
    offset = newOffset;
    marker = null;
    return this;
  }

  public Refinement marker(RangeMarker newMarker) {
    marker = newMarker;
    table = null;
    row = null;
    return this;
  }

  /** The marker, or null for a row. */
  public @Nullable RangeMarker marker() {
    return marker;
  }

  /** The row's table, or null for a marker. */
  public @Nullable PipelineTable table() {
    return table;
  }

  public RowData row() {
    return Objects.requireNonNull(row, "a marker has no row");
  }

  /** The same instance for all rows of one stream partition while the job runs. */
  public StreamPartition partition() {
    return Objects.requireNonNull(partition, "a marker has no row");
  }

  public long offset() {
    return offset;
  }
}
