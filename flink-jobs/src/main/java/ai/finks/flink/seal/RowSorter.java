package ai.finks.flink.seal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;

/**
 * Sorts rows in bounded memory: what does not fit is spilled as sorted runs and merged.
 *
 * <p>Memory: the given bytes while rows come in; while they go out, the buffers of at most {@value
 * #MOST_RUNS} runs and a row of each.
 */
final class RowSorter implements AutoCloseable {
  private static final int MOST_RUNS = 64;

  /** What a row costs beside its bytes: three objects and its place in the list. */
  private static final int ROW_OVERHEAD_BYTES = 120;

  private final Comparator<RowData> order;
  private final int columns;
  private final SortMemory memory;
  private final List<SpilledRows> runs = new ArrayList<>();
  private final List<BinaryRowData> held = new ArrayList<>();
  private long heldBytes;

  RowSorter(Comparator<RowData> order, int columns, SortMemory memory) {
    this.order = order;
    this.columns = columns;
    this.memory = memory;
  }

  /** Takes a copy of the row. */
  void add(BinaryRowData row) {
    held.add(row.copy());
    heldBytes += row.getSizeInBytes() + ROW_OVERHEAD_BYTES;
    if (heldBytes >= memory.bytes()) {
      spill();
    }
  }

  private void spill() {
    held.sort(order);
    SpilledRows run = new SpilledRows(memory.scratch(), columns);
    runs.add(run);
    held.forEach(run::add);
    run.end();
    held.clear();
    heldBytes = 0;
    if (runs.size() == MOST_RUNS) {
      mergeRuns();
    }
  }

  private void mergeRuns() {
    SpilledRows merged = new SpilledRows(memory.scratch(), columns);
    List<SpilledRows> parts = new ArrayList<>(runs);
    runs.add(merged);
    merge(parts, merged::add);
    merged.end();
    parts.forEach(SpilledRows::close);
    runs.removeAll(parts);
  }

  /** Gives all rows in order, each an object of its own. */
  void forEach(Consumer<BinaryRowData> consumer) {
    if (runs.isEmpty()) {
      held.sort(order);
      held.forEach(consumer);
      return;
    }
    if (!held.isEmpty()) {
      spill();
    }
    merge(runs, consumer);
  }

  private void merge(List<SpilledRows> parts, Consumer<BinaryRowData> consumer) {
    PriorityQueue<Head> heads =
        new PriorityQueue<>(Comparator.comparing((Head head) -> head.row, order));
    List<SpilledRows.Reader> readers = new ArrayList<>();
    try {
      for (SpilledRows part : parts) {
        SpilledRows.Reader reader = part.read();
        readers.add(reader);
        BinaryRowData first = reader.next();
        if (first != null) {
          heads.add(new Head(first, reader));
        }
      }
      while (true) {
        Head least = heads.poll();
        if (least == null) {
          return;
        }
        consumer.accept(least.row);
        BinaryRowData next = least.rest.next();
        if (next != null) {
          least.row = next;
          heads.add(least);
        }
      }
    } finally {
      readers.forEach(SpilledRows.Reader::close);
    }
  }

  /** How many runs were spilled so far and not merged. */
  int spilledRuns() {
    return runs.size();
  }

  @Override
  public void close() {
    for (Iterator<SpilledRows> each = runs.iterator(); each.hasNext(); ) {
      each.next().close();
      each.remove();
    }
    held.clear();
  }

  private static final class Head {
    BinaryRowData row;
    final SpilledRows.Reader rest;

    Head(BinaryRowData row, SpilledRows.Reader rest) {
      this.row = row;
      this.rest = rest;
    }
  }
}
