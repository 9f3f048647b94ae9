package ai.finks.flink.silver.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.data.FlinkParquetWriters;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.shaded.org.apache.parquet.column.Encoding;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.iceberg.shaded.org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.iceberg.shaded.org.apache.parquet.io.InputFile;
import org.apache.iceberg.shaded.org.apache.parquet.io.SeekableInputStream;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;

class ColumnarFileTest {
  private static final int ONE_PAGE = ColumnarFile.PAGE_ROWS;

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void rowsReadBackAndMetricsEqualThoseOfTheRowWriter(@ForAll("cases") Case given)
      throws IOException {
    RandomRows rows = new RandomRows(given.seed, given.count);
    Map<String, String> properties = properties(given.rowGroupBytes, given.metrics);

    Written byColumn = writeByColumn(RandomRows.SCHEMA, properties, rows.rows());

    Written byRow = writeByRow(RandomRows.SCHEMA, properties, rows.rows());
    if (given.count == 0) {
      assertThat(byColumn.length).as("no file for no rows").isZero();
      assertThat(byColumn.metrics.recordCount()).isZero();
      return;
    }
    assertThat(read(byColumn, RandomRows.SCHEMA, Expressions.alwaysTrue()))
        .containsExactlyElementsOf(rows.records());
    assertThat(byColumn.metrics.columnSizes())
        .containsOnlyKeys(byRow.metrics.columnSizes().keySet());
    assertThat(byColumn.metrics)
        .usingRecursiveComparison()
        .ignoringFields("columnSizes", "originalTypes")
        .isEqualTo(byRow.metrics);
    assertThat(byColumn.length).isEqualTo(byColumn.file.toInputFile().getLength());
  }

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Integer> counts =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(1, Arbitraries.just(0)),
            net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(1, 200)),
            net.jqwik.api.Tuple.of(1, Arbitraries.of(ONE_PAGE - 1, ONE_PAGE, ONE_PAGE + 1)),
            net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(2 * ONE_PAGE, 3 * ONE_PAGE)));
    return Combinators.combine(
            Arbitraries.longs(),
            counts,
            Arbitraries.of(1L, 300_000L, 16L << 20),
            Arbitraries.of("none", "counts", "truncate(16)", "truncate(1)", "full"))
        .as(Case::new);
  }

  @Test
  void eachTypeHasTheEncodingThatSuitsIt() throws IOException {
    Schema schema =
        new Schema(
            NestedField.required(1, "symbol", Types.StringType.get()),
            NestedField.required(2, "token", Types.StringType.get()),
            NestedField.required(3, "_offset", Types.LongType.get()),
            NestedField.required(4, "_content_hash", Types.BinaryType.get()),
            NestedField.optional(5, "_warnings", Types.StringType.get()));

    Written written = writeByColumn(schema, properties(16L << 20, "truncate(16)"), quotes(10_000));

    List<BlockMetaData> rowGroups = footer(written);
    assertThat(rowGroups).hasSize(1);
    Map<String, Set<Encoding>> encodings =
        rowGroups.get(0).getColumns().stream()
            .collect(
                Collectors.toMap(
                    c -> c.getPath().toDotString(), ColumnChunkMetaData::getEncodings));
    assertThat(encodings.get("symbol"))
        .contains(Encoding.PLAIN_DICTIONARY)
        .doesNotContain(Encoding.PLAIN);
    assertThat(encodings.get("token"))
        .contains(Encoding.PLAIN)
        .doesNotContain(Encoding.PLAIN_DICTIONARY);
    assertThat(encodings.get("_offset")).contains(Encoding.DELTA_BINARY_PACKED);
    assertThat(encodings.get("_content_hash")).contains(Encoding.PLAIN);
    assertThat(rowGroups.get(0).getColumns())
        .as("page indexes, so that a reader can skip pages")
        .allMatch(column -> column.getOffsetIndexReference() != null);
    assertThat(written.metrics.columnSizes().get(3)).as("ascending offsets").isLessThan(1500);
  }

  @Test
  void rowGroupsWithoutTheSymbolAreSkipped() throws IOException {
    Schema schema = new Schema(NestedField.required(1, "symbol", Types.StringType.get()));
    List<RowData> rows = new ArrayList<>();
    for (int i = 0; i < 4 * ONE_PAGE; i++) {
      rows.add(GenericRowData.of(StringData.fromString("S" + i / ONE_PAGE)));
    }

    Written written = writeByColumn(schema, properties(1, "truncate(16)"), rows);

    assertThat(written.splitOffsets).hasSize(4).isSorted().startsWith(4L);
    assertThat(read(written, schema, Expressions.equal("symbol", "S2"))).hasSize(ONE_PAGE);
    assertThat(read(written, schema, Expressions.equal("symbol", "S9"))).isEmpty();
  }

  @Test
  void textThatFillsItsDictionaryGoesOnPlain() throws IOException {
    Schema schema = new Schema(NestedField.required(1, "name", Types.StringType.get()));
    List<RowData> rows = new ArrayList<>();
    for (int i = 0; i < 8 * ONE_PAGE; i++) {
      // A first page that repeats, then ever new names.
      String name = i < ONE_PAGE ? "same" : "name-".repeat(20) + i;
      rows.add(GenericRowData.of(StringData.fromString(name)));
    }

    Written written = writeByColumn(schema, properties(64L << 20, "full"), rows);

    assertThat(footer(written).get(0).getColumns().get(0).getEncodings())
        .contains(Encoding.PLAIN, Encoding.PLAIN_DICTIONARY);
    assertThat(read(written, schema, Expressions.alwaysTrue()))
        .extracting(record -> record.get(0))
        .containsExactlyElementsOf(
            rows.stream().map(row -> row.getString(0).toString()).collect(Collectors.toList()));
  }

  @Test
  void mapsAndListsAreLeftToTheRowWriter() {
    Schema lists =
        new Schema(
            NestedField.required(1, "all", Types.ListType.ofRequired(2, Types.LongType.get())));

    assertThat(ColumnarFormat.covers(lists)).isFalse();
    assertThatThrownBy(() -> ColumnarFormat.of(lists, Map.of(), MetricsConfig.getDefault()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("all");
  }

  private static List<RowData> quotes(int count) {
    List<RowData> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] hash = new byte[16];
      new java.util.Random(i).nextBytes(hash);
      rows.add(
          GenericRowData.of(
              StringData.fromString("SYM" + i * 7919 % 800),
              StringData.fromString("token-" + i),
              (long) i,
              hash,
              null));
    }
    return rows;
  }

  private static Map<String, String> properties(long rowGroupBytes, String metrics) {
    Map<String, String> properties = new HashMap<>();
    properties.put("write.parquet.compression-codec", "zstd");
    properties.put("write.parquet.row-group-size-bytes", Long.toString(rowGroupBytes));
    properties.put("write.metadata.metrics.default", metrics);
    return properties;
  }

  private static Written writeByColumn(
      Schema schema, Map<String, String> properties, List<RowData> rows) throws IOException {
    try (ColumnarFormat format =
        ColumnarFormat.of(schema, properties, MetricsConfig.fromProperties(properties))) {
      // Buffers that served another file must hold nothing of it.
      write(format.open(new InMemoryOutputFile()), new InMemoryOutputFile(), rows);
      InMemoryOutputFile file = new InMemoryOutputFile();
      return write(format.open(file), file, rows);
    }
  }

  private static Written writeByRow(
      Schema schema, Map<String, String> properties, List<RowData> rows) throws IOException {
    InMemoryOutputFile file = new InMemoryOutputFile();
    FileAppender<RowData> appender =
        Parquet.write(file)
            .schema(schema)
            .setAll(properties)
            .metricsConfig(MetricsConfig.fromProperties(properties))
            .createWriterFunc(
                type -> FlinkParquetWriters.buildWriter(FlinkSchemaUtil.convert(schema), type))
            .build();
    return write(appender, file, rows);
  }

  private static Written write(
      FileAppender<RowData> appender, InMemoryOutputFile file, List<RowData> rows)
      throws IOException {
    try (FileAppender<RowData> open = appender) {
      rows.forEach(open::add);
    }
    return new Written(file, appender);
  }

  private static List<Record> read(Written written, Schema schema, Expression filter)
      throws IOException {
    try (CloseableIterable<Record> records =
        Parquet.read(written.file.toInputFile())
            .project(schema)
            .filter(filter)
            .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
            .build()) {
      List<Record> read = new ArrayList<>();
      records.forEach(read::add);
      return read;
    }
  }

  private static List<BlockMetaData> footer(Written written) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(parquetInput(written.file))) {
      return reader.getFooter().getBlocks();
    }
  }

  private static InputFile parquetInput(InMemoryOutputFile file) {
    return new InputFile() {
      @Override
      public long getLength() {
        return file.toInputFile().getLength();
      }

      @Override
      public SeekableInputStream newStream() {
        org.apache.iceberg.io.SeekableInputStream in = file.toInputFile().newStream();
        return new DelegatingSeekableInputStream(in) {
          @Override
          public long getPos() throws IOException {
            return in.getPos();
          }

          @Override
          public void seek(long position) throws IOException {
            in.seek(position);
          }
        };
      }
    };
  }

  private static final class Written {
    final InMemoryOutputFile file;
    final Metrics metrics;
    final List<Long> splitOffsets;
    final long length;

    Written(InMemoryOutputFile file, FileAppender<RowData> appender) {
      this.file = file;
      this.metrics = appender.metrics();
      this.splitOffsets = appender.splitOffsets();
      this.length = appender.length();
    }
  }

  /** What a property is tried with. */
  static final class Case {
    final long seed;
    final int count;
    final long rowGroupBytes;
    final String metrics;

    Case(long seed, int count, long rowGroupBytes, String metrics) {
      this.seed = seed;
      this.count = count;
      this.rowGroupBytes = rowGroupBytes;
      this.metrics = metrics;
    }

    @Override
    public String toString() {
      return count + " rows of seed " + seed + ", " + rowGroupBytes + " B, " + metrics;
    }
  }
}
