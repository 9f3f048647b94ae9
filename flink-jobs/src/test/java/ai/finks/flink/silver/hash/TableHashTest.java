package ai.finks.flink.silver.hash;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;
import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.TableStats;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableHashTest {
  private static final String CONTRACT_TEXT =
      """
          {"type": "record", "name": "Price", "namespace": "ai.finks.silver", "doc": "A price.",
           "finks": {"entity": "prices", "version": 1, "key": ["symbol", "trading_day"],
             "event-time": "trading_day", "zone": "UTC", "period": "month", "dedupe-window": "all",
             "drift": "evolve", "checks": []},
           "fields": [
             {"name": "symbol", "type": "string", "doc": "Symbol.", "finks.id": 1},
             {"name": "trading_day", "type": {"type": "int", "logicalType": "date"}, "doc": "Day.",
              "finks.id": 2},
             {"name": "price", "type": ["null", {"type": "bytes", "logicalType": "decimal",
              "precision": 18, "scale": 6}], "default": null, "doc": "Price.", "finks.id": 3},
             {"name": "volume", "type": ["null", "long"], "default": null, "doc": "Volume.",
              "finks.id": 4}
           ]}
          """;

  private static final Contract CONTRACT = Contract.parse("prices.avsc", CONTRACT_TEXT);

  @TempDir Path home;

  private LakeCatalog catalog;

  @BeforeEach
  void open() {
    catalog = TestCatalog.create(home);
    ((SupportsNamespaces) catalog.catalog()).createNamespace(Namespace.of("silver"));
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Test
  void tableThatWasNeverWrittenHasTheEmptySum() {
    TableHash hash = TableHash.of(table(6), CONTRACT);

    assertThat(hash.hex()).isEqualTo("0".repeat(64));
    assertThat(hash.rows()).isZero();
  }

  @Test
  void orderFilesAndLineageDoNotCount() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(new Row("S" + i % 50, i / 50, "1." + i, (long) i));
    }
    Table one = table(6);
    write(one, rows);
    Collections.shuffle(rows, new Random(7));
    Table other = table(6);
    for (int i = 0; i < 500; i += 100) {
      write(other, rows.subList(i, i + 100).stream().map(Row::ofAnotherRun).toList());
    }

    assertThat(TableHash.of(other, CONTRACT)).isEqualTo(TableHash.of(one, CONTRACT));
    assertThat(TableHash.of(one, CONTRACT).rows()).isEqualTo(500);
    assertThat(TableStats.of(other).files()).isEqualTo(5);
    assertThat(TableStats.of(other).rows()).isEqualTo(500);
  }

  @Test
  void onlyTheNewestVersionOfAKeyCounts() throws Exception {
    Row old = new Row("A", 1, "1", 5L);
    Row restated = new Row("A", 1, "2", 6L).version(1);
    Table both = table(6);
    write(both, List.of(restated, old));
    Table newest = table(6);
    write(newest, List.of(restated));
    Table oldest = table(6);
    write(oldest, List.of(old));

    assertThat(TableHash.of(both, CONTRACT)).isEqualTo(TableHash.of(newest, CONTRACT));
    assertThat(TableHash.of(both, CONTRACT)).isNotEqualTo(TableHash.of(oldest, CONTRACT));
    assertThat(TableHash.of(both, CONTRACT).versions()).isEqualTo(2);
  }

  @Test
  void everyStoredFieldCounts() throws Exception {
    Row row = new Row("A", 1, "1", 5L);
    List<Row> others =
        List.of(
            new Row("B", 1, "1", 5L),
            new Row("A", 2, "1", 5L),
            new Row("A", 1, "1.000001", 5L),
            new Row("A", 1, "1", null),
            new Row("A", 1, "5", 1L),
            row.source("other"));
    TableHash hash = hash(row);

    for (Row other : others) {
      assertThat(hash(other)).as(other.toString()).isNotEqualTo(hash);
    }
    assertThat(hash(new Row("A", 1, "1.00", 5L))).isEqualTo(hash);
  }

  @Test
  void widerTypeNewColumnAndNewNameDoNotCount() throws Exception {
    Table narrow = table(2);
    write(narrow, List.of(new Row("A", 1, "1.5", 5L)));
    Table changed = table(6);
    write(changed, List.of(new Row("A", 1, "1.5", 5L)));
    changed
        .updateSchema()
        .addColumn("note", Types.StringType.get())
        .renameColumn("price", "last_price")
        .commit();
    Contract renamed =
        Contract.parse("prices.avsc", CONTRACT_TEXT.replace("\"price\"", "\"last_price\""));

    assertThat(TableHash.of(changed, renamed)).isEqualTo(TableHash.of(narrow, CONTRACT));
  }

  @Test
  void sameKeyOfTwoSourcesIsTwoRows() throws Exception {
    Table table = table(6);
    Row row = new Row("A", 1, "1", 5L);
    write(table, List.of(row, row.source("other")));

    assertThat(TableHash.of(table, CONTRACT).rows()).isEqualTo(2);
  }

  private TableHash hash(Row row) throws IOException {
    Table table = table(6);
    write(table, List.of(row));
    return TableHash.of(table, CONTRACT);
  }

  private Table table(int priceScale) {
    Schema schema =
        new Schema(
            required(4001, "_run_id", Types.StringType.get()),
            optional(4, "volume", Types.LongType.get()),
            required(1, "symbol", Types.StringType.get()),
            required(2, "trading_day", Types.DateType.get()),
            optional(3, "price", Types.DecimalType.of(18, priceScale)),
            required(1001, "_source", Types.StringType.get()),
            required(1003, "_batch_id", Types.StringType.get()),
            required(1004, "_sequence", Types.LongType.get()),
            required(1006, "_version", Types.LongType.get()),
            required(1012, "_content_hash", Types.BinaryType.get()));
    return catalog
        .catalog()
        .buildTable(
            TableIdentifier.of("silver", "t" + UUID.randomUUID().toString().replace("-", "")),
            schema)
        .withSortOrder(SortOrder.unsorted())
        .create();
  }

  private static void write(Table table, List<Row> rows) throws IOException {
    DataWriter<Record> writer =
        Parquet.writeData(
                table.io().newOutputFile(table.location() + "/" + UUID.randomUUID() + ".parquet"))
            .forTable(table)
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      for (Row row : rows) {
        writer.write(row.in(table));
      }
    }
    DataFile file = writer.toDataFile();
    AppendFiles append = table.newAppend();
    append.appendFile(file).commit();
  }

  private record Row(
      String source,
      String symbol,
      int day,
      String price,
      @Nullable Long volume,
      long version,
      String run) {

    Row(String symbol, int day, String price, @Nullable Long volume) {
      this("fmp", symbol, day, price, volume, 0, "run-1");
    }

    Row source(String other) {
      return new Row(other, symbol, day, price, volume, version, run);
    }

    Row version(long newer) {
      return new Row(source, symbol, day, price, volume, newer, run);
    }

    Row ofAnotherRun() {
      return new Row(source, symbol, day, price, volume, version, "run-2");
    }

    private static String priceColumn(Table table) {
      return table.schema().findField("price") == null ? "last_price" : "price";
    }

    Record in(Table table) {
      int scale = ((Types.DecimalType) table.schema().findType(priceColumn(table))).scale();
      Record row = GenericRecord.create(table.schema());
      row.setField("symbol", symbol);
      row.setField("trading_day", LocalDate.ofEpochDay(20_000 + day));
      row.setField(priceColumn(table), new BigDecimal(price).setScale(scale));
      row.setField("volume", volume);
      row.setField("_source", source);
      row.setField("_run_id", run);
      row.setField("_batch_id", run);
      row.setField("_sequence", 0L);
      row.setField("_version", version);
      row.setField("_content_hash", ByteBuffer.allocate(16).putLong(version).rewind());
      return row;
    }
  }
}
