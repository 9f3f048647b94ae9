package ai.finks.flink.seal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.util.IOUtils;

/**
 * Sorts rows in bounded memory: what does not fit is spilled as sorted runs, and runs of about the
 * same length are merged into longer ones.
 *
 * <p>Memory: the given bytes while rows come in; while they go out, the buffers of at most {@value
 * #MOST_RUNS} runs and a row of each. A row is written again each time that the number of runs has
 * grown by that factor. Scratch space: twice the rows at most.
 */
final class RowSorter implements AutoCloseable {
  private static final int MOST_RUNS = 64;

  /** What a row costs beside its bytes: three objects and its place in the list. */
  private static final int ROW_OVERHEAD_BYTES = 120;

  private final Comparator<RowData> order;
  private final int columns;
  private final SortMemory memory;
  private final List<Run> runs = new ArrayList<>();
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
    SpilledRows rows = begin(0);
    held.forEach(rows::add);
    rows.end();
    held.clear();
    heldBytes = 0;
    while (lowestRuns() == MOST_RUNS) {
      mergeShortest();
    }
  }

  private SpilledRows begin(int level) {
    Run run = new Run(new SpilledRows(memory.scratch(), columns), level);
    runs.add(run);
    return run.rows;
  }

  /** Longer runs stand ahead of shorter ones. */
  private int lowestRuns() {
    int lowest = runs.get(runs.size() - 1).level;
    return (int) runs.stream().filter(run -> run.level == lowest).count();
  }

  private void mergeShortest() {
    List<Run> parts =
        new ArrayList<>(runs.subList(Math.max(0, runs.size() - MOST_RUNS), runs.size()));
    SpilledRows merged = begin(parts.get(0).level + 1);
    merge(parts, merged::add);
    merged.end();
    runs.removeAll(parts);
    parts.forEach(part -> part.rows.close());
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
    while (runs.size() > MOST_RUNS) {
      mergeShortest();
    }
    merge(runs, consumer);
  }

  private void merge(List<Run> parts, Consumer<BinaryRowData> consumer) {
    PriorityQueue<Head> heads =
        new PriorityQueue<>(Comparator.comparing((Head head) -> head.row, order));
    List<SpilledRows.Reader> readers = new ArrayList<>();
    try {
      for (Run part : parts) {
        SpilledRows.Reader reader = part.rows.read();
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
      IOUtils.closeAllQuietly(readers);
    }
  }

  /** Removes what was spilled; what cannot be removed is left to the owner of the folder. */
  @Override
  public void close() {
    runs.forEach(run -> IOUtils.closeQuietly(run.rows));
    runs.clear();
    held.clear();
  }

  private static final class Run {
    final SpilledRows rows;
    final int level;

    Run(SpilledRows rows, int level) {
      this.rows = rows;
      this.level = level;
    }
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
