package ai.finks.flink.silver.parquet;

import ai.finks.schemas.value.Utf8Text;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.jspecify.annotations.Nullable;

/** The different texts of a column in a row group, in the order in which they came. */
final class TextDictionary {
  /** Several thousand symbols; what is larger is hardly smaller than the texts themselves. */
  private static final int FULL_BYTES = 512 << 10;

  private static final int KEPT_ENTRIES = 1 << 12;
  private static final int FIRST_ENTRIES = 16;
  private static final int FIRST_RECENT = 64;
  private static final int MOST_RECENT = 1 << 14;

  private final PlainValues bytes = new PlainValues();
  private Map<Utf8Text, Integer> indexes = new HashMap<>();
  private @Nullable Utf8Text[] values = new Utf8Text[FIRST_ENTRIES];
  private int[] pageOfValue = new int[FIRST_ENTRIES];
  private @Nullable Utf8Text[] recent = new Utf8Text[FIRST_RECENT];
  private int[] recentIndexes = new int[FIRST_RECENT];
  private int size;
  private int page = 1;
  private int growth;

  /** The text's index, a new one if it was not there. */
  int index(Utf8Text text) {
    // Texts that come again are mostly the same objects, so a comparison of objects finds them.
    int place = text.hashCode() & (recent.length - 1);
    if (recent[place] == text) {
      return recentIndexes[place];
    }
    Integer known = indexes.get(text);
    int index = known == null ? add(text) : known;
    remember(text, index);
    return index;
  }

  private void remember(Utf8Text text, int index) {
    if (2 * size > recent.length && recent.length < MOST_RECENT) {
      // Files of few texts are many; those of many texts are few.
      recent = new Utf8Text[4 * recent.length];
      recentIndexes = new int[recent.length];
    }
    int place = text.hashCode() & (recent.length - 1);
    recent[place] = text;
    recentIndexes[place] = index;
  }

  private int add(Utf8Text text) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      pageOfValue = Arrays.copyOf(pageOfValue, 2 * size);
    }
    byte[] utf8 = text.bytes();
    values[size] = text;
    pageOfValue[size] = 0;
    bytes.append(utf8);
    growth += Integer.BYTES + utf8.length;
    indexes.put(text, size);
    return size++;
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
    return bytes.size() >= FULL_BYTES;
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
    if (size > KEPT_ENTRIES) {
      indexes = new HashMap<>();
    } else {
      indexes.clear();
    }
    bytes.clear();
    Arrays.fill(recent, null);
    size = 0;
    page = 1;
    growth = 0;
  }
}
