package ai.finks.flink.silver.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest known version and content hash per key, of one stream partition: a cache of what the
 * tables tell.
 *
 * <p>Open addressing over flat arrays. A key costs 52 bytes (key 16, version 8, sequence 8, batch
 * 4, hash 16), 78 to 155 with the free slots (load 0.33 to 0.67); besides, each distinct batch id
 * is kept once. Keys and hashes are 128 bits of a keyed hash, so nobody can make them collide on
 * purpose. Bounded by the number of keys in the partition.
 */
public final class KnownVersions {
  private static final int FIRST_CAPACITY = 1 << 10;

  private final Map<String, Integer> batchNumbers = new HashMap<>();
  private final List<String> batches = new ArrayList<>();
  private long[] keys;
  private long[] hashes;
  private long[] versions;
  private long[] sequences;
  private int[] batchOf;
  private int mask;
  private int size;
  private String lastBatch = "";
  private int lastBatchNumber = -1;

  public KnownVersions() {
    allocate(FIRST_CAPACITY);
  }

  /** Number of keys. */
  public int size() {
    return size;
  }

  /**
   * Decides about a row by the version rule and remembers it if it is newer.
   *
   * <p>A row is newer if its version is higher; among equal versions the batch id decides, then the
   * sequence, then the content hash. It is kept if it is newer and its content differs from the
   * known one.
   */
  public VersionRule judge(
      long keyHigh,
      long keyLow,
      long version,
      String batchId,
      long sequence,
      long hashHigh,
      long hashLow) {
    int slot = slot(keyHigh, keyLow);
    if (isFree(slot)) {
      insert(slot, keyHigh, keyLow);
      store(slot, version, batchId, sequence, hashHigh, hashLow);
      growIfNeeded();
      return VersionRule.KEEP;
    }
    boolean sameContent = hashes[2 * slot] == hashHigh && hashes[2 * slot + 1] == hashLow;
    if (compare(slot, version, batchId, sequence, hashHigh, hashLow) >= 0) {
      return sameContent ? VersionRule.EXACT : VersionRule.SUPERSEDED;
    }
    store(slot, version, batchId, sequence, hashHigh, hashLow);
    return sameContent ? VersionRule.EXACT_AND_NEWER : VersionRule.KEEP;
  }

  /** Whether the known version is newer (positive), the same (zero) or older than the given one. */
  private int compare(
      int slot, long version, String batchId, long sequence, long hashHigh, long hashLow) {
    int order = Long.compare(versions[slot], version);
    if (order == 0) {
      order = batches.get(batchOf[slot]).compareTo(batchId);
    }
    if (order == 0) {
      order = Long.compare(sequences[slot], sequence);
    }
    if (order == 0) {
      order = Long.compareUnsigned(hashes[2 * slot], hashHigh);
    }
    return order == 0 ? Long.compareUnsigned(hashes[2 * slot + 1], hashLow) : order;
  }

  private void store(
      int slot, long version, String batchId, long sequence, long hashHigh, long hashLow) {
    versions[slot] = version;
    sequences[slot] = sequence;
    batchOf[slot] = batchNumber(batchId);
    hashes[2 * slot] = hashHigh;
    hashes[2 * slot + 1] = hashLow;
  }

  private int batchNumber(String batchId) {
    if (lastBatchNumber < 0 || !batchId.equals(lastBatch)) {
      Integer known = batchNumbers.get(batchId);
      if (known == null) {
        known = batches.size();
        batchNumbers.put(batchId, known);
        batches.add(batchId);
      }
      lastBatch = batchId;
      lastBatchNumber = known;
    }
    return lastBatchNumber;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  private int slot(long high, long low) {
    int slot = (int) (high ^ (high >>> 32)) & mask;
    while (!isFree(slot) && (keys[2 * slot] != high || keys[2 * slot + 1] != low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean isFree(int slot) {
    return batchOf[slot] < 0;
  }

  private void insert(int slot, long keyHigh, long keyLow) {
    keys[2 * slot] = keyHigh;
    keys[2 * slot + 1] = keyLow;
    size++;
  }

  private void growIfNeeded() {
    if (size <= (mask + 1) / 3 * 2) {
      return;
    }
    long[] oldKeys = keys;
    long[] oldHashes = hashes;
    long[] oldVersions = versions;
    long[] oldSequences = sequences;
    int[] oldBatchOf = batchOf;
    allocate(2 * oldBatchOf.length);
    for (int from = 0; from < oldBatchOf.length; from++) {
      if (oldBatchOf[from] >= 0) {
        int to = slot(oldKeys[2 * from], oldKeys[2 * from + 1]);
        keys[2 * to] = oldKeys[2 * from];
        keys[2 * to + 1] = oldKeys[2 * from + 1];
        hashes[2 * to] = oldHashes[2 * from];
        hashes[2 * to + 1] = oldHashes[2 * from + 1];
        versions[to] = oldVersions[from];
        sequences[to] = oldSequences[from];
        batchOf[to] = oldBatchOf[from];
      }
    }
  }

  private void allocate(int capacity) {
    keys = new long[2 * capacity];
    hashes = new long[2 * capacity];
    versions = new long[capacity];
    sequences = new long[capacity];
    batchOf = new int[capacity];
    Arrays.fill(batchOf, -1);
    mask = capacity - 1;
  }
}
