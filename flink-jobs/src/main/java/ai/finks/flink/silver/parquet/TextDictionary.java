package ai.finks.flink.silver.parquet;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** The different texts of a column in a row group, in the order in which they came. */
final class TextDictionary {
  /** Several thousand symbols; what is larger is hardly smaller than the texts themselves. */
  private static final int FULL_BYTES = 512 << 10;

  private static final int KEPT_ENTRIES = 1 << 12;
  private static final int FIRST_ENTRIES = 16;
  private static final int RECENT_SHIFT = Integer.SIZE - 11;

  private final PlainValues bytes = new PlainValues();
  private Map<String, Integer> indexes = new HashMap<>();
  private Binary[] values = new Binary[FIRST_ENTRIES];
  private int[] pageOfValue = new int[FIRST_ENTRIES];
  private final @Nullable String[] recent =
      new @Nullable String[1 << (Integer.SIZE - RECENT_SHIFT)];
  private final int[] recentIndexes = new int[recent.length];
  private String lastText = "";
  private int lastIndex = -1;
  private int size;
  private int page = 1;
  private int growth;

  /** The text's index, a new one if it was not there. */
  int index(StringData value) {
    String text = value.toString();
    if (lastIndex >= 0 && text.equals(lastText)) {
      return lastIndex;
    }
    lastText = text;
    int place = place(text);
    if (recent[place] == text) {
      lastIndex = recentIndexes[place];
      return lastIndex;
    }
    Integer known = indexes.get(text);
    lastIndex = known == null ? add(text, value.toBytes()) : known;
    recent[place] = text;
    recentIndexes[place] = lastIndex;
    return lastIndex;
  }

  /** Texts that come again are mostly the same objects, so a comparison of objects finds them. */
  private static int place(String text) {
    int hash = text.hashCode() * 0x9E3779B9;
    return hash >>> RECENT_SHIFT;
  }

  private int add(String text, byte[] utf8) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      pageOfValue = Arrays.copyOf(pageOfValue, 2 * size);
    }
    values[size] = Binary.fromConstantByteArray(utf8);
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

  Binary value(int index) {
    return values[index];
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
    Arrays.fill(values, 0, size, Binary.EMPTY);
    if (size > KEPT_ENTRIES) {
      indexes = new HashMap<>();
    } else {
      indexes.clear();
    }
    bytes.clear();
    Arrays.fill(recent, null);
    lastText = "";
    lastIndex = -1;
    size = 0;
    page = 1;
    growth = 0;
  }
}
