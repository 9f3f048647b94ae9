package ai.finks.bench.variant;

import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The tables of the peers, in a catalog that is only a folder: they have no other writer to be safe
 * from, and commit with less work than through a database. Codec and period are those of ours.
 */
public final class BareTables {
  static final String NAMESPACE = "db";
  static final String NAME = "quotes";

  private static final Types.DecimalType PRICE = Types.DecimalType.of(18, 6);
  private static final Types.StringType TEXT = Types.StringType.get();
  private static final Types.LongType LONG = Types.LongType.get();
  private static final Types.TimestampType TIME = Types.TimestampType.withoutZone();
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "format-version", "2",
          "write.parquet.compression-codec", "zstd",
          "write.parquet.compression-level", "1",
          // Rows stay in the subtask that made them: the faster way.
          "write.distribution-mode", "none");

  private BareTables() {}

  /** Where the tables of a lap lie. */
  static Path warehouse(Path lap) {
    return lap.resolve("warehouse");
  }

  /** Creates the table that Flink SQL writes: the contract's columns, origin, coordinates, day. */
  static void createForFlinkSql(Path lap) {
    Schema schema =
        new Schema(
            NestedField.optional(1, "symbol", TEXT),
            NestedField.optional(2, "event_time", TIME),
            NestedField.optional(3, "price", PRICE),
            NestedField.optional(4, "bid", PRICE),
            NestedField.optional(5, "ask", PRICE),
            NestedField.optional(6, "bid_size", LONG),
            NestedField.optional(7, "ask_size", LONG),
            NestedField.optional(8, "volume", LONG),
            NestedField.optional(9, "exchange", TEXT),
            NestedField.optional(10, "account", TEXT),
            NestedField.optional(11, "currency", TEXT),
            NestedField.optional(12, "_source", TEXT),
            NestedField.optional(13, "_run_id", TEXT),
            NestedField.optional(14, "_batch_id", TEXT),
            NestedField.optional(15, "_ingest_time", TIME),
            NestedField.optional(16, "_topic", TEXT),
            NestedField.optional(17, "_partition", Types.IntegerType.get()),
            NestedField.optional(18, "_offset", LONG),
            NestedField.optional(19, "year", TEXT),
            NestedField.optional(20, "month", TEXT),
            NestedField.optional(21, "day", TEXT));
    create(
        lap,
        schema,
        PartitionSpec.builderFor(schema)
            .identity("year")
            .identity("month")
            .identity("day")
            .build());
  }

  /** Creates the table that Kafka Connect writes: the payload's fields, by day. */
  public static void createForKafkaConnect(Path lap) {
    Schema schema =
        new Schema(
            NestedField.optional(1, "symbol", TEXT),
            NestedField.optional(2, "price", PRICE),
            NestedField.optional(3, "bid", PRICE),
            NestedField.optional(4, "ask", PRICE),
            NestedField.optional(5, "bidSize", LONG),
            NestedField.optional(6, "askSize", LONG),
            NestedField.optional(7, "volume", LONG),
            NestedField.optional(8, "exchange", TEXT),
            NestedField.optional(9, "timestamp", Types.TimestampType.withZone()),
            NestedField.optional(10, "account", TEXT),
            NestedField.optional(11, "currency", TEXT));
    create(lap, schema, PartitionSpec.builderFor(schema).day("timestamp").build());
  }

  private static void create(Path lap, Schema schema, PartitionSpec spec) {
    HadoopCatalog catalog = catalog(lap);
    catalog.createNamespace(Namespace.of(NAMESPACE));
    catalog.createTable(TableIdentifier.of(NAMESPACE, NAME), schema, spec, PROPERTIES);
  }

  /** The lap's table. */
  public static Table load(Path lap) {
    return catalog(lap).loadTable(TableIdentifier.of(NAMESPACE, NAME));
  }

  private static HadoopCatalog catalog(Path lap) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.file.impl", RawLocalFileSystem.class.getName());
    return new HadoopCatalog(hadoop, warehouse(lap).toUri().toString());
  }
}
