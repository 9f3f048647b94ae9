package ai.finks.flink.silver.core;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last value of each group of one check, and the values that were refused since. Open
 * addressing: 32 bytes per place, 43 to 86 per group; bounded by the number of groups. Refused
 * values cost about 120 bytes while nothing was kept after them.
 */
final class GroupValues {
  private static final int WORDS = 4;
  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int POSITION = 2;
  private static final int VALUE = 3;
  private static final int FIRST_PLACES = 16;

  private final Map<Long, Suspicion> suspicions = new HashMap<>();
  private long[] words = new long[FIRST_PLACES * WORDS];
  private int places = FIRST_PLACES;
  private int size;

  int size() {
    return size;
  }

  /** The place of a group, or a negative number if it is not known. */
  int find(Fingerprint group) {
    int place = place(nonZero(group.high()), group.low());
    return words[place * WORDS + HIGH] == 0 ? -1 : place;
  }

  long value(int place) {
    return words[place * WORDS + VALUE];
  }

  /** What was refused of a group after its last value was kept. */
  @Nullable Suspicion suspicion(Fingerprint group, int place) {
    Suspicion suspicion = suspicions.get(group.high());
    return suspicion == null || suspicion.position < words[place * WORDS + POSITION]
        ? null
        : suspicion;
  }

  /** Keeps a value, unless a later one is known; of one position the larger value counts. */
  void put(Fingerprint group, long position, long value) {
    long high = nonZero(group.high());
    int place = place(high, group.low());
    int at = place * WORDS;
    boolean isNew = words[at + HIGH] == 0;
    if (!isNew
        && (words[at + POSITION] > position
            || (words[at + POSITION] == position && words[at + VALUE] >= value))) {
      return;
    }
    words[at + HIGH] = high;
    words[at + LOW] = group.low();
    words[at + POSITION] = position;
    words[at + VALUE] = value;
    if (!suspicions.isEmpty()) {
      suspicions.computeIfPresent(
          group.high(), (key, suspicion) -> suspicion.position < position ? null : suspicion);
    }
    if (isNew) {
      size++;
      growIfNeeded();
    }
  }

  /** Keeps in mind what was refused, unless a later refusal is. */
  void suspect(Fingerprint group, Suspicion suspicion) {
    suspicions.merge(group.high(), suspicion, (a, b) -> a.position > b.position ? a : b);
  }

  private static long nonZero(long high) {
    return high == 0 ? 1 : high;
  }

  private int place(long high, long low) {
    int place = (int) high & (places - 1);
    while (words[place * WORDS + HIGH] != 0
        && (words[place * WORDS + HIGH] != high || words[place * WORDS + LOW] != low)) {
      place = (place + 1) & (places - 1);
    }
    return place;
  }

  private void growIfNeeded() {
    if (size <= places / 4 * 3) {
      return;
    }
    long[] old = words;
    places *= 2;
    words = new long[Math.multiplyExact(places, WORDS)];
    for (int from = 0; from < old.length; from += WORDS) {
      if (old[from + HIGH] != 0) {
        int to = place(old[from + HIGH], old[from + LOW]) * WORDS;
        System.arraycopy(old, from, words, to, WORDS);
      }
    }
  }

  /** A value that was refused. */
  static final class Suspicion {
    final long position;
    final long value;
    final long keyHigh;
    final long keyLow;

    Suspicion(long position, long value, long keyHigh, long keyLow) {
      this.position = position;
      this.value = value;
      this.keyHigh = keyHigh;
      this.keyLow = keyLow;
    }
  }
}
