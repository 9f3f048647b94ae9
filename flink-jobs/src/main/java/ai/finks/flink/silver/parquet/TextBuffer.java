package ai.finks.flink.silver.parquet;

import ai.finks.schemas.value.Utf8Text;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.column.page.DictionaryPage;
import org.apache.iceberg.shaded.org.apache.parquet.column.page.PageWriter;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Text, by a dictionary per row group for as long as that pays: symbols, currencies, runs and
 * topics repeat; tokens do not, which the first page shows.
 *
 * <p>A value that is the very object of the row before costs a comparison. Objects must not change
 * once they were handed over.
 */
final class TextBuffer extends ColumnBuffer {
  /** Of the first page's values, so many must be different for a dictionary to be given up. */
  private static final double TOO_MANY_DIFFERENT = 0.9;

  private final TextDictionary dictionary = new TextDictionary();
  private final PlainValues plain = new PlainValues();
  private final ByteBounds bounds = new ByteBounds();
  private int[] indexes = new int[FIRST_CAPACITY];
  private @Nullable Utf8Text last;
  private int lastIndex;
  private byte[] lastPlain = {};
  private boolean varied;
  private boolean usesDictionary = true;
  private boolean firstPage = true;

  TextBuffer(ColumnPlan plan, PageEncoders encoders) {
    super(plan, encoders);
  }

  @Override
  int addValue(RowData row, int position, int index) {
    return addText(Utf8Text.of(row.getString(position).toBytes()), index);
  }

  /** Takes the value of a row that has it at hand, and returns about how many bytes it added. */
  int addDirect(DirectRow row) {
    return isNull(row) ? 0 : addText(row.text(position()), nextIndex());
  }

  private int addText(Utf8Text value, int index) {
    if (!usesDictionary) {
      return addPlain(value.bytes());
    }
    int growth = 0;
    if (value != last) {
      int before = lastIndex;
      lastIndex = dictionary.index(value);
      last = value;
      varied |= index > 0 && lastIndex != before;
      if (dictionary.isNewInPage(lastIndex)) {
        bounds.add(dictionary.value(lastIndex).bytes());
      }
      growth = dictionary.takeGrowth();
    }
    if (index == indexes.length) {
      indexes = Arrays.copyOf(indexes, 2 * index);
    }
    indexes[index] = lastIndex;
    return Integer.BYTES + growth;
  }

  private int addPlain(byte[] value) {
    plain.append(value);
    bounds.add(value);
    lastPlain = value;
    return Integer.BYTES + value.length;
  }

  @Override
  void repeatValue(int index, int times) {
    if (!usesDictionary) {
      byte[] value = lastPlain;
      for (int i = 0; i < times; i++) {
        plain.append(value);
      }
      return;
    }
    int end = index + times;
    if (end > indexes.length) {
      indexes = Arrays.copyOf(indexes, Math.max(end, 2 * indexes.length));
    }
    Arrays.fill(indexes, index, end, lastIndex);
  }

  @Override
  Encoding encoding(int count) {
    if (usesDictionary && firstPage && dictionary.size() > TOO_MANY_DIFFERENT * count) {
      usesDictionary = false;
      for (int i = 0; i < count; i++) {
        plain.append(dictionary.value(indexes[i]).bytes());
      }
      dictionary.clear();
    }
    firstPage = false;
    return usesDictionary ? Encoding.PLAIN_DICTIONARY : Encoding.PLAIN;
  }

  @Override
  BytesInput encode(int count, Statistics<?> statistics) throws IOException {
    bounds.moveTo(statistics);
    if (!usesDictionary) {
      return plain.bytes();
    }
    return varied
        ? encoders().indexes(indexes, count, dictionary.size())
        : encoders().sameIndex(indexes[0], count, dictionary.size());
  }

  @Override
  void pageWritten() {
    last = null;
    varied = false;
    plain.clear();
    bounds.clear();
    dictionary.nextPage();
    // From here on plain; the pages before keep their dictionary.
    usesDictionary = usesDictionary && !dictionary.isFull();
  }

  @Override
  void endChunk(PageWriter pages) throws IOException {
    if (dictionary.size() > 0) {
      pages.writeDictionaryPage(
          new DictionaryPage(dictionary.bytes(), dictionary.size(), Encoding.PLAIN_DICTIONARY));
    }
    begin();
  }

  @Override
  void clear() {
    super.clear();
    begin();
  }

  private void begin() {
    dictionary.clear();
    last = null;
    usesDictionary = true;
    firstPage = true;
  }
}
