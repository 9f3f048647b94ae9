package ai.finks.flink.seal;

import ai.finks.flink.table.TablePeriod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Which keys of the periods that are about to be written have versions in more than one period:
 * those that are written together, or those that stay as they are. May take a key for one that has;
 * never misses one.
 *
 * <p>Memory: 24 to 48 bytes per key of the periods that are written, up to {@value #MOST_KEYS}
 * keys. Beyond that every key counts as one in several periods, which is correct, but leaves the
 * readers of these periods to look for the newest version.
 */
public final class KeySpans {
  /** No key has versions in two periods, since keys hold the event time. */
  public static final KeySpans NONE = new KeySpans();

  static final int MOST_KEYS = 4 << 20;

  private static final int FIRST_SLOTS = 1 << 12;
  private static final int SEVERAL = -1;

  private final Schema columns;
  private final KeyHash hash;
  private final KeyHash rowHash;
  private final List<TablePeriod> periods = new ArrayList<>();
  private final int mostKeys;
  private long[] keys = new long[0];
  private int[] periodOf = new int[0];
  private int size;
  private boolean tooMany;

  private KeySpans() {
    this.columns = new Schema();
    this.hash = new KeyHash(columns, List.of());
    this.rowHash = hash;
    this.mostKeys = 0;
  }

  private KeySpans(SealedLayout layout, int mostKeys) {
    List<String> names = layout.identity();
    this.columns = layout.schema().select(names);
    this.hash = new KeyHash(columns, names);
    this.rowHash = new KeyHash(layout.schema(), names);
    this.mostKeys = mostKeys;
    this.keys = new long[FIRST_SLOTS];
    this.periodOf = new int[FIRST_SLOTS];
  }

  /** No keys yet. */
  public static KeySpans of(SealedLayout layout) {
    return of(layout, MOST_KEYS);
  }

  static KeySpans of(SealedLayout layout, int mostKeys) {
    return layout.keyHoldsPeriod() ? NONE : new KeySpans(layout, mostKeys);
  }

  /** Rows that will be in a period when it is written: all of them must be told. */
  public void written(Table table, TablePeriod period, Collection<DataFile> files) {
    if (this == NONE || tooMany) {
      return;
    }
    periods.add(period);
    int number = periods.size();
    read(table, files, key -> put(key, number));
  }

  /** Rows of other periods, which stay as they are; to be told after those that are written. */
  public void staying(Table table, Collection<DataFile> files) {
    if (this == NONE || tooMany || size == 0) {
      return;
    }
    read(
        table,
        files,
        key -> {
          int slot = slot(key);
          if (keys[slot] != 0) {
            periodOf[slot] = SEVERAL;
          }
        });
  }

  private void read(Table table, Collection<DataFile> files, LongConsumer each) {
    try (CloseableIterable<RowData> rows = StoredRows.read(table, files, columns)) {
      for (RowData row : rows) {
        each.accept(hash.of(row));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void put(long key, int period) {
    if (tooMany) {
      return;
    }
    int slot = slot(key);
    if (keys[slot] == 0) {
      if (size == mostKeys) {
        tooMany = true;
        keys = new long[0];
        periodOf = new int[0];
        return;
      }
      keys[slot] = key;
      periodOf[slot] = period;
      if (++size * 2 > keys.length) {
        grow();
      }
    } else if (periodOf[slot] != period) {
      periodOf[slot] = SEVERAL;
    }
  }

  private void grow() {
    long[] before = keys;
    int[] periodsBefore = periodOf;
    keys = new long[2 * before.length];
    periodOf = new int[keys.length];
    for (int i = 0; i < before.length; i++) {
      if (before[i] != 0) {
        int slot = slot(before[i]);
        keys[slot] = before[i];
        periodOf[slot] = periodsBefore[i];
      }
    }
  }

  private int slot(long key) {
    int slot = (int) (key ^ (key >>> 32)) & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  /**
   * Whether the key of a row, which was told before, may have versions in another period. Safe for
   * several threads once all rows are told.
   */
  boolean mayContain(RowData row) {
    if (this == NONE) {
      return false;
    }
    if (tooMany) {
      return true;
    }
    int slot = slot(rowHash.of(row));
    // A key that nobody told of is not known to have one period only.
    return keys[slot] == 0 || periodOf[slot] == SEVERAL;
  }
}
