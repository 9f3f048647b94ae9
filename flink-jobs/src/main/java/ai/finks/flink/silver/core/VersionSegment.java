package ai.finks.flink.silver.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.IntPredicate;

/**
 * Some thousands of keys with their versions: those whose spread key begins with certain bits.
 *
 * <p>Open addressing with linear probing over one-byte tags, eight at a time: a search reads a line
 * of tags and then the one entry that it is about, so that it is short up to a load of 0.92 for
 * keys that are there and keys that are not. Full segments are copied into ones that are 1.3 times
 * as large.
 */
final class VersionSegment {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOPS = 0x8080808080808080L;

  private static final int KEY = 0;
  private static final int CONTENT = 8;
  private static final int VERSION = 16;
  private static final int KEY_LOW = 24;
  private static final int SEQUENCE_LOW = 28;
  private static final int ORIGIN = 32;
  private static final int ENTRY_BYTES = 36;

  /** Behind the beginning of an entry. */
  static final int LAST_BYTE = ENTRY_BYTES - 1;

  private static final int FIRST_HOMES = 16;
  private static final int MAX_HOMES = 8192;
  private static final int TAIL = 64;
  private static final int DEEPEST = 30;
  private static final double LOAD_WHEN_FULL = 0.92;
  private static final double GROWTH = 1.3;

  private final int depth;
  private final int homes;
  private final int places;
  private final int fullAt;
  private final int entries;

  /** The tags, then the entries: one array, so that a search touches few lines of memory. */
  private final byte[] bytes;

  private int size;

  private VersionSegment(int depth, int homes, int tail) {
    this.depth = depth;
    this.homes = homes;
    this.places = homes + tail;
    this.fullAt = (int) (homes * LOAD_WHEN_FULL);
    // Tags are read by eight, also the last one; those behind it stay free and are no places.
    this.entries = places + Long.BYTES;
    this.bytes = new byte[entries + places * ENTRY_BYTES];
  }

  static VersionSegment empty(int depth) {
    return new VersionSegment(depth, FIRST_HOMES, TAIL);
  }

  /** Spreads keys evenly over all values, one to one. */
  static long spread(long key) {
    long bits = (key ^ (key >>> 33)) * 0xff51afd7ed558ccdL;
    bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return bits ^ (bits >>> 33);
  }

  long bytes() {
    return bytes.length;
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

  /** The tags and entries, to be searched by {@link #find}. */
  byte[] memory() {
    return bytes;
  }

  /** What {@link #find} must know of the memory. */
  long shape() {
    return ((long) depth << 48) | ((long) homes << 24) | places;
  }

  /**
   * The place of a key, or the free one where it belongs. Static, so that a search need not wait
   * for the segment's own fields, which lie elsewhere in memory.
   */
  static int find(byte[] bytes, long shape, long key, int keyLow) {
    int homes = (int) (shape >>> 24) & 0xffffff;
    int entries = ((int) shape & 0xffffff) + Long.BYTES;
    long wanted = ONES * (tag(key) & 0xff);
    for (int from = home(key, (int) (shape >>> 48), homes); ; from += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, from);
      long differing = eight ^ wanted;
      long equal = (differing - ONES) & ~differing & TOPS;
      long free = (eight - ONES) & ~eight & TOPS;
      // Only the lowest mark of each is certain: beyond a free place nothing is looked for.
      for (long rest = equal & (free - 1) & ~free; rest != 0; rest &= rest - 1) {
        int place = from + (Long.numberOfTrailingZeros(rest) >>> 3);
        int at = entries + place * ENTRY_BYTES;
        if ((long) LONGS.get(bytes, at + KEY) == key
            && (int) INTS.get(bytes, at + KEY_LOW) == keyLow) {
          return place;
        }
      }
      if (free != 0) {
        return from + (Long.numberOfTrailingZeros(free) >>> 3);
      }
    }
  }

  /** Where in the memory the entry of a place that {@link #find} gave lies. */
  static int entry(long shape, int place) {
    int places = (int) shape & 0xffffff;
    // A free place behind the last one is where a segment without room ends.
    return places + Long.BYTES + Math.min(place, places - 1) * ENTRY_BYTES;
  }

  private int at(int place) {
    return entries + place * ENTRY_BYTES;
  }

  private long number(int place, int part) {
    return (long) LONGS.get(bytes, at(place) + part);
  }

  private static int home(long key, int depth, int homes) {
    return (int) ((((key << depth) >>> 32) * homes) >>> 32);
  }

  private static byte tag(long key) {
    byte tag = (byte) key;
    return tag == 0 ? 1 : tag;
  }

  long content(int place) {
    return number(place, CONTENT);
  }

  long version(int place) {
    return number(place, VERSION);
  }

  /** The lower 32 bits of the sequence, unsigned. */
  long sequenceLow(int place) {
    return (int) INTS.get(bytes, at(place) + SEQUENCE_LOW) & 0xffff_ffffL;
  }

  int origin(int place) {
    return (int) INTS.get(bytes, at(place) + ORIGIN);
  }

  /**
   * Takes the free place that {@link #find} gave for a key.
   *
   * @return false when there is no room
   */
  boolean insert(int place, long key) {
    if (size >= fullAt || place >= places) {
      return false;
    }
    bytes[place] = tag(key);
    LONGS.set(bytes, at(place) + KEY, key);
    size++;
    return true;
  }

  void set(int place, long content, long version, int keyLow, int sequenceLow, int origin) {
    int at = at(place);
    LONGS.set(bytes, at + CONTENT, content);
    LONGS.set(bytes, at + VERSION, version);
    INTS.set(bytes, at + KEY_LOW, keyLow);
    INTS.set(bytes, at + SEQUENCE_LOW, sequenceLow);
    INTS.set(bytes, at + ORIGIN, origin);
  }

  /** A copy with room for more, without the entries whose origins are not wanted any more. */
  VersionSegment rebuilt(IntPredicate wanted) {
    int[] kept = new int[size];
    int count = 0;
    for (int place = 0; place < places; place++) {
      if (bytes[place] != 0 && wanted.test(origin(place))) {
        kept[count++] = place;
      }
    }
    return copy(kept, count, LOAD_WHEN_FULL / GROWTH, depth);
  }

  /** The entries of the first (0) or second (1) half of the keys, with room for more. */
  VersionSegment half(int which) {
    int[] kept = new int[size];
    int count = 0;
    for (int place = 0; place < places; place++) {
      if (bytes[place] != 0 && (int) ((number(place, KEY) << depth) >>> 63) == which) {
        kept[count++] = place;
      }
    }
    return copy(kept, count, loadOfHalf(which), depth + 1);
  }

  /**
   * All segments fill at the same pace; so that they do not grow at once, each starts elsewhere.
   */
  private double loadOfHalf(int which) {
    int any = 0;
    while (any < places - 1 && bytes[any] == 0) {
      any++;
    }
    long prefix = (number(any, KEY) >>> (Long.SIZE - depth) << 1) | which;
    double phase = (spread(prefix) >>> 40) / (double) (1 << 24);
    return LOAD_WHEN_FULL / Math.pow(GROWTH, phase);
  }

  private VersionSegment copy(int[] kept, int count, double load, int newDepth) {
    int newHomes = Math.max(FIRST_HOMES, (int) (count / load) + 1);
    for (int tail = TAIL; ; tail *= 2) {
      VersionSegment copy = new VersionSegment(newDepth, newHomes, tail);
      if (copy.takes(this, kept, count)) {
        return copy;
      }
    }
  }

  private boolean takes(VersionSegment from, int[] kept, int count) {
    for (int i = 0; i < count; i++) {
      int source = kept[i];
      int place = freeFrom(home(from.number(source, KEY), depth, homes));
      if (place >= places) {
        return false;
      }
      bytes[place] = from.bytes[source];
      System.arraycopy(from.bytes, from.at(source), bytes, at(place), ENTRY_BYTES);
    }
    size = count;
    return true;
  }

  private int freeFrom(int home) {
    for (int from = home; ; from += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, from);
      long free = (eight - ONES) & ~eight & TOPS;
      if (free != 0) {
        return from + (Long.numberOfTrailingZeros(free) >>> 3);
      }
    }
  }
}
