package ai.finks.flink.seal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of a period in sealed order and passes them on with their marks: of the rows of a
 * (source, key) all but the newest are superseded. The rows of a key follow each other; those of a
 * key with very many versions are spilled.
 */
final class SupersededMarks implements AutoCloseable {
  private final SealedLayout layout;
  private final KeySpans spans;
  private final SortMemory memory;
  private final Consumer<BinaryRowData> next;
  private final ColumnsOrder keyOrder;
  private final ColumnsOrder versionOrder;
  private final List<BinaryRowData> held = new ArrayList<>();
  private final List<Newest> newest = new ArrayList<>();
  private @Nullable SpilledRows spilled;
  private long heldBytes;
  private long rows;
  private long superseded;

  SupersededMarks(
      SealedLayout layout, KeySpans spans, SortMemory memory, Consumer<BinaryRowData> next) {
    this.layout = layout;
    this.spans = spans;
    this.memory = memory;
    this.next = next;
    this.keyOrder = layout.keyOrder();
    this.versionOrder = layout.versionOrder();
  }

  /** A row that is not overwritten later. */
  void add(BinaryRowData row) {
    if (!held.isEmpty() && keyOrder.compare(held.get(0), row) != 0) {
      endKey();
    }
    consider(row);
    rows++;
    if (spilled == null && heldBytes < memory.bytes() / 4) {
      held.add(row);
      heldBytes += row.getSizeInBytes();
      return;
    }
    if (spilled == null) {
      spilled = new SpilledRows(memory.scratch(), layout.schema().columns().size());
    }
    spilled.add(row);
  }

  private void consider(BinaryRowData row) {
    BinaryStringData source = (BinaryStringData) row.getString(layout.source());
    for (Newest known : newest) {
      if (known.source.equals(source)) {
        if (versionOrder.compare(row, known.row) >= 0) {
          known.row = row;
          known.number = rows;
        }
        return;
      }
    }
    newest.add(new Newest(source, row, rows));
  }

  /** No more rows. */
  void end() {
    endKey();
  }

  private void endKey() {
    rows = 0;
    held.forEach(this::pass);
    held.clear();
    heldBytes = 0;
    if (spilled != null) {
      spilled.end();
      try (SpilledRows.Reader reader = spilled.read()) {
        for (BinaryRowData row = reader.next(); row != null; row = reader.next()) {
          pass(row);
        }
      }
      spilled.close();
      spilled = null;
    }
    rows = 0;
    newest.clear();
  }

  private void pass(BinaryRowData row) {
    long number = rows++;
    if (newest.stream().noneMatch(known -> known.number == number)) {
      row.setBoolean(layout.superseded(), true);
      superseded++;
    } else if (spans.mayContain(row)) {
      row.setNullAt(layout.superseded());
    } else {
      row.setBoolean(layout.superseded(), false);
    }
    next.accept(row);
  }

  /** How many rows were marked. */
  long superseded() {
    return superseded;
  }

  @Override
  public void close() {
    if (spilled != null) {
      spilled.close();
    }
  }

  private static final class Newest {
    final BinaryStringData source;
    BinaryRowData row;
    long number;

    Newest(BinaryStringData source, BinaryRowData row, long number) {
      this.source = source;
      this.row = row;
      this.number = number;
    }
  }
}
