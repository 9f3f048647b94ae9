package ai.finks.flink.silver.core;

import java.util.function.IntPredicate;

/**
 * Some thousands of keys with their versions: those whose spread key begins with certain bits.
 *
 * <p>Open addressing in the keys' own order: entries lie sorted by key, each at its home or, where
 * that is taken, right behind. A search ends at the first larger key, so that it is as short for a
 * key that is not there, even at a load of 0.9; growing and cutting in two are one pass in order.
 */
final class VersionSegment {
  private static final int WORDS = 4;
  private static final int KEY = 0;
  private static final int CONTENT = 1;
  private static final int VERSION = 2;
  private static final int LOWS = 3;

  private static final int FIRST_HOMES = 16;
  private static final int MAX_HOMES = 8192;
  private static final int TAIL = 32;
  private static final int DEEPEST = 30;

  private final int depth;
  private final int homes;
  private final int places;
  private final int fullAt;
  private final long[] words;
  private final int[] origins;
  private int size;

  private VersionSegment(int depth, int homes, int tail) {
    this.depth = depth;
    this.homes = homes;
    this.places = homes + tail;
    this.fullAt = homes - homes / 10;
    this.words = new long[places * WORDS];
    this.origins = new int[places];
  }

  static VersionSegment empty(int depth) {
    return new VersionSegment(depth, FIRST_HOMES, TAIL);
  }

  /** Spreads keys evenly over all values but zero, one to one. */
  static long spread(long key) {
    long bits = (key ^ (key >>> 33)) * 0xff51afd7ed558ccdL;
    bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
    bits ^= bits >>> 33;
    return bits == 0 ? 1 : bits;
  }

  long bytes() {
    return (long) places * (WORDS * Long.BYTES + Integer.BYTES);
  }

  int depth() {
    return depth;
  }

  int size() {
    return size;
  }

  /** Whether it is time to cut it in two. */
  boolean isLarge() {
    return homes > MAX_HOMES && depth < DEEPEST;
  }

  /** The place of a key, or the one where it belongs. */
  int find(long key, int keyLow) {
    int place = home(key);
    while (place < places) {
      long there = words[place * WORDS];
      if (there == 0 || Long.compareUnsigned(there, key) > 0) {
        break;
      }
      if (there == key && (int) (words[place * WORDS + LOWS] >>> 32) == keyLow) {
        break;
      }
      place++;
    }
    return place;
  }

  boolean holds(int place, long key, int keyLow) {
    return place < places
        && words[place * WORDS + KEY] == key
        && (int) (words[place * WORDS + LOWS] >>> 32) == keyLow;
  }

  private int home(long key) {
    return (int) ((((key << depth) >>> 32) * homes) >>> 32);
  }

  long content(int place) {
    return words[place * WORDS + CONTENT];
  }

  long version(int place) {
    return words[place * WORDS + VERSION];
  }

  /** The lower 32 bits of the sequence, unsigned. */
  long sequenceLow(int place) {
    return words[place * WORDS + LOWS] & 0xffff_ffffL;
  }

  int origin(int place) {
    return origins[place];
  }

  /**
   * Makes place for a key where {@link #find} says that it belongs.
   *
   * @return false when there is no room
   */
  boolean insert(int place, long key) {
    if (size >= fullAt) {
      return false;
    }
    int free = place;
    while (free < places && words[free * WORDS] != 0) {
      free++;
    }
    if (free >= places) {
      return false;
    }
    System.arraycopy(words, place * WORDS, words, (place + 1) * WORDS, (free - place) * WORDS);
    System.arraycopy(origins, place, origins, place + 1, free - place);
    words[place * WORDS] = key;
    size++;
    return true;
  }

  void set(int place, long content, long version, int keyLow, int sequenceLow, int origin) {
    int at = place * WORDS;
    words[at + CONTENT] = content;
    words[at + VERSION] = version;
    words[at + LOWS] = ((long) keyLow << 32) | (sequenceLow & 0xffff_ffffL);
    origins[place] = origin;
  }

  /** A copy with room for more, without the entries whose origins are not wanted any more. */
  VersionSegment rebuilt(IntPredicate wanted) {
    int[] kept = new int[size];
    int count = 0;
    for (int place = 0; place < places; place++) {
      if (words[place * WORDS] != 0 && wanted.test(origins[place])) {
        kept[count++] = place;
      }
    }
    return copy(kept, count, depth);
  }

  /** The entries of the first (0) or second (1) half of the keys, with room for more. */
  VersionSegment half(int which) {
    int[] kept = new int[size];
    int count = 0;
    for (int place = 0; place < places; place++) {
      long key = words[place * WORDS];
      if (key != 0 && (int) ((key << depth) >>> 63) == which) {
        kept[count++] = place;
      }
    }
    return copy(kept, count, depth + 1);
  }

  private VersionSegment copy(int[] kept, int count, int newDepth) {
    int tail = TAIL;
    while (true) {
      VersionSegment copy =
          new VersionSegment(newDepth, Math.max(FIRST_HOMES, count + count / 4 + 1), tail);
      if (copy.takes(this, kept, count)) {
        return copy;
      }
      tail *= 2;
    }
  }

  private boolean takes(VersionSegment from, int[] kept, int count) {
    int next = 0;
    for (int i = 0; i < count; i++) {
      int source = kept[i];
      int place = Math.max(next, home(from.words[source * WORDS]));
      if (place >= places) {
        return false;
      }
      System.arraycopy(from.words, source * WORDS, words, place * WORDS, WORDS);
      origins[place] = from.origins[source];
      next = place + 1;
    }
    size = count;
    return true;
  }
}
