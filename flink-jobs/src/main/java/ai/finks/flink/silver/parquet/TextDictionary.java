package ai.finks.flink.silver.parquet;

import ai.finks.schemas.value.Utf8Text;
import java.util.Arrays;
import java.util.Objects;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.jspecify.annotations.Nullable;

/** The different texts of a column in a row group, in the order in which they came. */
final class TextDictionary {
  /** Several thousand symbols; what is larger is hardly smaller than the texts themselves. */
  private static final int FULL_BYTES = 512 << 10;

  private static final int FIRST_ENTRIES = 16;
  private static final int FIRST_PLACES = 64;
  private static final int KEPT_PLACES = 1 << 14;

  /** Hashes are no secret: of texts that were made to meet, no dictionary is kept. */
  private static final int MOST_STEPS = 64;

  private final PlainValues bytes = new PlainValues();
  private @Nullable Utf8Text[] values = new Utf8Text[FIRST_ENTRIES];
  private int[] pageOfValue = new int[FIRST_ENTRIES];

  /** Indexes, each one higher, by hash; open addressing, at most half of the places are taken. */
  private int[] places = new int[FIRST_PLACES];

  private boolean crowded;
  private int size;
  private int page = 1;
  private int growth;

  /** The text's index, a new one if it was not there. */
  int index(Utf8Text text) {
    int mask = places.length - 1;
    int home = text.hashCode();
    for (int steps = 0; ; steps++) {
      int place = (home + steps) & mask;
      int index = places[place] - 1;
      if (index < 0) {
        crowded |= steps > MOST_STEPS;
        return add(text, place);
      }
      // Texts that come again are mostly the same objects.
      Utf8Text known = values[index];
      if (known == text || isSame(known, text)) {
        return index;
      }
    }
  }

  private static boolean isSame(@Nullable Utf8Text known, Utf8Text text) {
    return known != null && known.hashCode() == text.hashCode() && known.equals(text);
  }

  private int add(Utf8Text text, int place) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      pageOfValue = Arrays.copyOf(pageOfValue, 2 * size);
    }
    byte[] utf8 = text.bytes();
    values[size] = text;
    pageOfValue[size] = 0;
    bytes.append(utf8);
    growth += Integer.BYTES + utf8.length;
    places[place] = ++size;
    if (2 * size > places.length) {
      spreadOut();
    }
    return size - 1;
  }

  private void spreadOut() {
    places = new int[4 * places.length];
    int mask = places.length - 1;
    for (int index = 0; index < size; index++) {
      int place = value(index).hashCode() & mask;
      while (places[place] != 0) {
        place = (place + 1) & mask;
      }
      places[place] = index + 1;
    }
  }

  /** Whether this is the first time that it is asked for the index since the page began. */
  boolean isNewInPage(int index) {
    boolean isNew = pageOfValue[index] != page;
    pageOfValue[index] = page;
    return isNew;
  }

  Utf8Text value(int index) {
    return Objects.requireNonNull(values[index]);
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return crowded || bytes.size() >= FULL_BYTES;
  }

  /** By how many bytes it grew since this was asked last. */
  int takeGrowth() {
    int taken = growth;
    growth = 0;
    return taken;
  }

  /** The dictionary page. */
  BytesInput bytes() {
    return bytes.bytes();
  }

  void nextPage() {
    page++;
  }

  void clear() {
    Arrays.fill(values, 0, size, null);
    if (places.length > KEPT_PLACES) {
      places = new int[FIRST_PLACES];
    } else if (size > 0) {
      Arrays.fill(places, 0);
    }
    bytes.clear();
    crowded = false;
    size = 0;
    page = 1;
    growth = 0;
  }
}
