package ai.finks.flink.silver.parquet;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@linkplain DirectRow direct rows} into the columns of a file. Steady columns, which are
 * nearly half of Silver's, are looked at only when one of them has changed: until then it is
 * counted how often their last values are to be repeated.
 */
final class DirectColumns {
  private final ByKind changing;
  private final ByKind steady;
  private final ColumnBuffer[] steadyColumns;
  private @Nullable Object steadyValues;
  private int repeats;

  /**
   * @param example any row of the table
   */
  DirectColumns(ColumnBuffer[] columns, DirectRow example) {
    Predicate<ColumnBuffer> isSteady = column -> example.isSteady(column.position());
    this.steadyColumns = Arrays.stream(columns).filter(isSteady).toArray(ColumnBuffer[]::new);
    this.steady = new ByKind(steadyColumns);
    this.changing =
        new ByKind(Arrays.stream(columns).filter(isSteady.negate()).toArray(ColumnBuffer[]::new));
  }

  /** Takes a row, and returns about how many bytes it added. */
  int add(DirectRow row) {
    int bytes = changing.add(row);
    Object values = row.steadyValues();
    if (values == steadyValues) {
      repeats++;
      return bytes + steadyColumns.length * Integer.BYTES;
    }
    settle();
    steadyValues = values;
    return bytes + steady.add(row);
  }

  /** Brings the steady columns to the row that was taken last; the next one is no repetition. */
  void settle() {
    if (repeats > 0) {
      for (ColumnBuffer column : steadyColumns) {
        column.repeat(repeats);
      }
      repeats = 0;
    }
    steadyValues = null;
  }

  /** Columns kind by kind, so that each loop calls one method only. */
  private static final class ByKind {
    private final NumberBuffer[] numbers;
    private final TextBuffer[] texts;
    private final BytesBuffer[] pairs;
    private final ColumnBuffer[] others;

    ByKind(ColumnBuffer[] columns) {
      this.numbers = ofKind(columns, NumberBuffer.class).toArray(NumberBuffer[]::new);
      this.texts = ofKind(columns, TextBuffer.class).toArray(TextBuffer[]::new);
      this.pairs = ofKind(columns, BytesBuffer.class).toArray(BytesBuffer[]::new);
      this.others =
          Arrays.stream(columns)
              .filter(column -> !(column instanceof NumberBuffer))
              .filter(column -> !(column instanceof TextBuffer))
              .filter(column -> !(column instanceof BytesBuffer))
              .toArray(ColumnBuffer[]::new);
    }

    private static <T> Stream<T> ofKind(ColumnBuffer[] columns, Class<T> kind) {
      return Arrays.stream(columns).filter(kind::isInstance).map(kind::cast);
    }

    int add(DirectRow row) {
      int bytes = numbers.length * Long.BYTES;
      for (NumberBuffer column : numbers) {
        column.addDirect(row);
      }
      for (TextBuffer column : texts) {
        bytes += column.addDirect(row);
      }
      for (BytesBuffer column : pairs) {
        bytes += column.addDirect(row);
      }
      for (ColumnBuffer column : others) {
        bytes += column.add(row);
      }
      return bytes;
    }
  }
}
