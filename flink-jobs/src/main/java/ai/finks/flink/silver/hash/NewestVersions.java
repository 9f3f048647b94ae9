package ai.finks.flink.silver.hash;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest version of every key and the hash of its row.
 *
 * <p>Open addressing over one array of longs: 88 bytes per slot (key 16, version 8, batch 8,
 * sequence 8, content hash 16, row hash 32), at a load of 0.35 to 0.7.
 */
final class NewestVersions {
  private static final int KEY = 0;
  private static final int VERSION = 2;
  private static final int BATCH = 3;
  private static final int SEQUENCE = 4;
  private static final int CONTENT = 5;
  private static final int ROW = 7;
  private static final int STRIDE = 11;
  private static final int FIRST_SLOTS = 1024;
  private static final double MAX_LOAD = 0.7;

  private final Map<String, Integer> batchNumbers = new HashMap<>();
  private final List<String> batches = new ArrayList<>();
  private final long[] candidate = new long[STRIDE];
  private long[] table = new long[FIRST_SLOTS * STRIDE];
  private int slots = FIRST_SLOTS;
  private int size;

  /**
   * Adds a version of a key.
   *
   * @param key hash of the key, of which 128 bits are kept
   * @param row hash of the row, 256 bits
   * @param contentHash 16 bytes
   */
  void add(
      byte[] key, byte[] row, long version, String batch, long sequence, ByteBuffer contentHash) {
    ByteBuffer keyBits = ByteBuffer.wrap(key);
    // A slot is free where its key is zero, so the lowest bit of every key is set.
    candidate[KEY] = keyBits.getLong() | 1;
    candidate[KEY + 1] = keyBits.getLong();
    candidate[VERSION] = version;
    candidate[BATCH] = numberOf(batch);
    candidate[SEQUENCE] = sequence;
    ByteBuffer content = contentHash.duplicate();
    candidate[CONTENT] = content.getLong();
    candidate[CONTENT + 1] = content.getLong();
    ByteBuffer rowBits = ByteBuffer.wrap(row);
    for (int i = ROW; i < STRIDE; i++) {
      candidate[i] = rowBits.getLong();
    }
    put();
  }

  int size() {
    return size;
  }

  Sum256 sum() {
    Sum256 sum = new Sum256();
    for (int at = 0; at < table.length; at += STRIDE) {
      if (table[at + KEY] != 0) {
        sum.add(table, at + ROW);
      }
    }
    return sum;
  }

  private void put() {
    int at = find(candidate, 0);
    if (table[at + KEY] == 0) {
      if (size + 1 > slots * MAX_LOAD) {
        grow();
        at = find(candidate, 0);
      }
      size++;
    } else if (!isNewerThan(at)) {
      return;
    }
    System.arraycopy(candidate, 0, table, at, STRIDE);
  }

  private boolean isNewerThan(int at) {
    if (candidate[VERSION] != table[at + VERSION]) {
      return candidate[VERSION] > table[at + VERSION];
    }
    if (candidate[BATCH] != table[at + BATCH]) {
      String known = batches.get((int) table[at + BATCH]);
      return batches.get((int) candidate[BATCH]).compareTo(known) > 0;
    }
    if (candidate[SEQUENCE] != table[at + SEQUENCE]) {
      return candidate[SEQUENCE] > table[at + SEQUENCE];
    }
    int high = Long.compareUnsigned(candidate[CONTENT], table[at + CONTENT]);
    return high != 0
        ? high > 0
        : Long.compareUnsigned(candidate[CONTENT + 1], table[at + CONTENT + 1]) > 0;
  }

  private int numberOf(String batch) {
    return batchNumbers.computeIfAbsent(
        batch,
        unknown -> {
          batches.add(unknown);
          return batches.size() - 1;
        });
  }

  /** Where the key of an entry is, or may be put. */
  private int find(long[] from, int entry) {
    int slot = (int) (from[entry + KEY + 1] & (slots - 1));
    while (true) {
      int at = slot * STRIDE;
      if (table[at + KEY] == 0
          || (table[at + KEY] == from[entry + KEY]
              && table[at + KEY + 1] == from[entry + KEY + 1])) {
        return at;
      }
      slot = (slot + 1) & (slots - 1);
    }
  }

  private void grow() {
    long[] old = table;
    long doubled = 2L * slots;
    if (doubled * STRIDE > Integer.MAX_VALUE - 16) {
      throw new IllegalStateException("More than " + size + " keys do not fit one hash in memory");
    }
    slots = (int) doubled;
    table = new long[slots * STRIDE];
    for (int at = 0; at < old.length; at += STRIDE) {
      if (old[at + KEY] != 0) {
        System.arraycopy(old, at, table, find(old, at), STRIDE);
      }
    }
  }
}
