package ai.finks.flink.silver.parquet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
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
  private @Nullable StringData last;
  private int lastIndex;
  private boolean usesDictionary = true;
  private boolean firstPage = true;

  TextBuffer(ColumnPlan plan, PageEncoders encoders) {
    super(plan, encoders);
  }

  @Override
  int addValue(RowData row, int position, int index) {
    StringData value = row.getString(position);
    // Through the text, which is at hand, the JDK makes UTF-8 faster than Flink does.
    return usesDictionary
        ? addIndex(value, index)
        : addPlain(value.toString().getBytes(StandardCharsets.UTF_8));
  }

  private int addIndex(StringData value, int index) {
    if (value != last) {
      lastIndex = dictionary.index(value);
      last = value;
      if (dictionary.isNewInPage(lastIndex)) {
        bounds.add(dictionary.value(lastIndex).getBytesUnsafe());
      }
    }
    if (index == indexes.length) {
      indexes = Arrays.copyOf(indexes, 2 * index);
    }
    indexes[index] = lastIndex;
    return Integer.BYTES + dictionary.takeGrowth();
  }

  private int addPlain(byte[] value) {
    plain.append(value);
    bounds.add(value);
    return Integer.BYTES + value.length;
  }

  @Override
  Encoding encoding(int count) {
    if (usesDictionary && firstPage && dictionary.size() > TOO_MANY_DIFFERENT * count) {
      usesDictionary = false;
      for (int i = 0; i < count; i++) {
        plain.append(dictionary.value(indexes[i]).getBytesUnsafe());
      }
      dictionary.clear();
    }
    firstPage = false;
    return usesDictionary ? Encoding.PLAIN_DICTIONARY : Encoding.PLAIN;
  }

  @Override
  BytesInput encode(int count, Statistics<?> statistics) throws IOException {
    bounds.moveTo(statistics);
    return usesDictionary ? encoders().indexes(indexes, count, dictionary.size()) : plain.bytes();
  }

  @Override
  void pageWritten() {
    last = null;
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
