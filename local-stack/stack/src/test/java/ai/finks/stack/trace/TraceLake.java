package ai.finks.stack.trace;

import ai.finks.flink.bronze.core.Bytes;
import ai.finks.flink.bronze.core.EnvelopeEncoder;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.SealedOrder;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.stack.Checkout;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * A lake in a folder: rows of Silver with their raw records in Bronze, and datasets built on them.
 */
final class TraceLake implements AutoCloseable {
  private static final String GOLD_RUN = "20170106t000000-0000000a";
  private static final String STREAM = "stream-1";

  private final Lake lake;
  private final SchemaCatalog schemas = SchemaCatalog.load(Checkout.root().resolve("schemas"));
  private final String root;
  private long offset;
  private boolean sealed;

  TraceLake(Path folder) throws IOException {
    FinksHome home = FinksHome.at(folder);
    home.create();
    root = Lake.root(home);
    CatalogConfig config = CatalogConfig.of(Lake.catalogSettings(home), root);
    LakeCatalog.initialise(config);
    lake = Lake.open(home);
    LakeTables.createMissing(lake.catalog(), root, schemas.contracts());
  }

  @SafeVarargs
  final void transactions(Map<String, Object>... rows) throws IOException {
    Map<String, Object> defaults =
        Map.of("portfolio_id", "P", "status", "booked", "trade_date", "2017-01-03", "month", "01");
    append("mongodb.transactions.raw.v1", "transactions", "transaction_id", defaults, rows);
  }

  @SafeVarargs
  final void bars(Map<String, Object>... rows) throws IOException {
    append("fmp.bars.raw.v1", "bars", "symbol", Map.of("_source", "fmp", "month", "01"), rows);
  }

  /** Bars of a period as a seal leaves it: every row has a mark, every file the sealed order. */
  @SafeVarargs
  final void sealedBars(Map<String, Object>... rows) throws IOException {
    sealed = true;
    append("fmp.bars.raw.v1", "bars", "symbol", Map.of("_source", "fmp", "month", "02"), rows);
    sealed = false;
  }

  private void append(
      String topic,
      String entity,
      String name,
      Map<String, Object> defaults,
      Map<String, Object>[] rows)
      throws IOException {
    Table table = lake.load(LakeTables.silver(entity));
    List<Record> records = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      Map<String, Object> values = new HashMap<>(defaults);
      values.putAll(
          Map.of(
              "year",
              "2017",
              "_topic",
              topic,
              "_stream_id",
              STREAM,
              "_partition",
              0,
              "_offset",
              offset,
              "_run_id",
              "run-1",
              "_batch_id",
              "run-1-0"));
      values.putAll(row);
      records.add(record(table.schema(), values));
      keepRaw(topic, entity, "raw record of " + row.get(name));
    }
    table.newAppend().appendFile(write(table, records)).commit();
  }

  private void keepRaw(String topic, String entity, String payload) throws IOException {
    RawRecord record =
        RawRecord.builder()
            .source(topic.substring(0, topic.indexOf('.')))
            .entity(entity)
            .runId("run-1")
            .batchId("run-1-0")
            .sequence(offset)
            .ingestTimeMicros(1)
            .contentType("text/plain")
            .payload(payload.getBytes(StandardCharsets.UTF_8))
            .attributes(Map.of())
            .build();
    Bytes line = new Bytes(256);
    new EnvelopeEncoder(topic, STREAM, 0).record(offset, 1, 7, null, record, line);
    String path = "bronze/object-" + offset + ".json";
    Files.createDirectories(Path.of(root, "bronze"));
    Files.write(Path.of(root, path), Arrays.copyOf(line.array(), line.size()));
    Table ledger = lake.load(LakeTables.BRONZE_FILES);
    Record row =
        record(
            ledger.schema(),
            Map.of(
                "path",
                path,
                "run_id",
                "run-1",
                "topic",
                topic,
                "stream_id",
                STREAM,
                "partition",
                0,
                "first_offset",
                offset,
                "last_offset",
                offset));
    ledger.newAppend().appendFile(write(ledger, List.of(row))).commit();
    offset++;
  }

  /** Publishes a dataset of one row, as a build that pinned both tables would. */
  void publish(String dataset, String day, String behind, Map<String, Object> row)
      throws IOException {
    Schema schema =
        new Schema(
            NestedField.optional(1, "portfolio_id", Types.StringType.get()),
            NestedField.optional(2, day, Types.DateType.get()),
            NestedField.optional(3, "year", Types.StringType.get()),
            NestedField.optional(4, "month", Types.StringType.get()));
    Map<String, Long> pins = new TreeMap<>();
    for (String entity : List.of("bars", "transactions")) {
      Table silver = lake.load(LakeTables.silver(entity));
      long snapshot = silver.currentSnapshot().snapshotId();
      silver.manageSnapshots().createTag(tag(), snapshot).commit();
      pins.put(silver.name().replaceFirst("^finks\\.", ""), snapshot);
    }
    TableIdentifier name = TableIdentifier.of("gold", dataset);
    lake.catalog()
        .catalog()
        .buildTable(name, schema)
        .withLocation(root + "/gold/" + dataset)
        .create();
    Table table = lake.load(name);
    table
        .newAppend()
        .appendFile(write(table, List.of(record(schema, row))))
        .set("finks.gold-run", GOLD_RUN)
        .set("finks.pins", new ObjectMapper().writeValueAsString(pins))
        .set("finks.tests", "{\"" + dataset + "\":{\"not_null\":\"pass\"}}")
        .set("finks.day", day)
        .set("finks.behind", behind)
        .commit();
  }

  private static String tag() {
    return "gold_" + GOLD_RUN;
  }

  void unpin(String entity) {
    lake.load(LakeTables.silver(entity)).manageSnapshots().removeTag(tag()).commit();
  }

  /**
   * Writes all rows of the table into one new file and lets go of every snapshot but the newest.
   */
  void compactAndExpire(String entity) {
    Table table = lake.load(LakeTables.silver(entity));
    RewriteFiles rewrite = table.newRewrite();
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles();
        CloseableIterable<Record> read = IcebergGenerics.read(table).build()) {
      files.forEach(file -> rewrite.deleteFile(file.file()));
      read.forEach(rows::add);
      rewrite.addFile(write(table, rows));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    rewrite.commit();
    table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
  }

  /** The columns of an entity's Silver table. */
  Schema schema(String entity) {
    return lake.load(LakeTables.silver(entity)).schema();
  }

  JsonNode trace(String relation, String where, boolean reveal) {
    return trace(new TraceRequest(relation, where, 5, reveal));
  }

  JsonNode trace(TraceRequest request) {
    return new Trace(lake, schemas, new RawSources(null, null, root)).run(request);
  }

  /** Looks for rows of an entity, with memory for so many whose newest version is not known. */
  SilverSearch search(String entity, int mostUnsettled) {
    return new SilverSearch(schemas.contract(entity).orElseThrow(), rows(entity), mostUnsettled);
  }

  SnapshotRows rows(String entity) {
    Table table = lake.load(LakeTables.silver(entity));
    return new SnapshotRows(table, table.currentSnapshot().snapshotId());
  }

  RawLookup lookup(RawLookup.Stream stream) {
    return new RawLookup(() -> stream, new BronzeRecords(lake.load(LakeTables.BRONZE_FILES), root));
  }

  Contract contract(String entity) {
    return schemas.contract(entity).orElseThrow();
  }

  private DataFile write(Table table, List<Record> rows) throws IOException {
    PartitionSpec spec = table.spec();
    PartitionKey key = new PartitionKey(spec, table.schema());
    key.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(rows.get(0)));
    Parquet.DataWriteBuilder builder =
        Parquet.writeData(
                table.io().newOutputFile(table.location() + "/" + UUID.randomUUID() + ".parquet"))
            .forTable(table)
            .createWriterFunc(GenericParquetWriter::create);
    if (sealed && table.schema().findField("_superseded") != null) {
      builder = builder.withSortOrder(sealedOrder(table));
    }
    DataWriter<Record> writer =
        (spec.isUnpartitioned() ? builder : builder.withPartition(key)).build();
    try (writer) {
      rows.forEach(writer::write);
    }
    return writer.toDataFile();
  }

  private SortOrder sealedOrder(Table table) {
    return SealedOrder.find(table, contract("bars")).orElseThrow();
  }

  /** A row with the values, and with something of its type wherever a value is required. */
  private static Record record(Schema schema, Map<String, Object> values) {
    Record row = GenericRecord.create(schema);
    for (NestedField field : schema.columns()) {
      Object value = values.get(field.name());
      if (value != null || field.isRequired()) {
        row.setField(field.name(), value(field.type(), value));
      }
    }
    return row;
  }

  private static Object value(Type type, @Nullable Object given) {
    return switch (type.typeId()) {
      case DATE -> LocalDate.parse(given == null ? "2017-01-03" : given.toString());
      case DECIMAL ->
          new BigDecimal(given == null ? "1" : given.toString())
              .setScale(((Types.DecimalType) type).scale());
      case TIMESTAMP ->
          given == null ? OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC) : given;
      case LONG -> given == null ? 1L : given;
      case INTEGER -> given == null ? 0 : given;
      case BINARY -> ByteBuffer.wrap(new byte[16]);
      default -> given == null ? "x" : given;
    };
  }

  @Override
  public void close() throws IOException {
    lake.close();
  }
}
