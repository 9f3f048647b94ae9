package ai.finks.flink.silver.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.QuarantineRows;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.sink.RowDataTaskWriterFactory;
import org.apache.iceberg.io.TaskWriter;

/** Refiners of a small contract over real tables, without an engine and without a broker. */
final class RefinerBed implements AutoCloseable {
  private static final String TOPIC = "desk.trades.raw.v1";
  private static final String STREAM = "stream-of-a-test-01234";

  private final Contract contract;
  private final LakeCatalog catalog;
  private final RawRecordEncoder encoder;
  private final InMemoryRegistryClient registry = new InMemoryRegistryClient();
  private final Map<PipelineTable, TaskWriter<RowData>> writers =
      new EnumMap<>(PipelineTable.class);

  private final int warnings;

  RefinerBed(Path home, String window, String versionField, String... checks) {
    this.contract = Contract.parse("trades.avsc", contract(window, versionField, checks));
    this.catalog = TestCatalog.create(home);
    LakeTables.createMissing(catalog, home.resolve("lake").toString(), List.of(contract));
    Schema silver = table(PipelineTable.SILVER).schema();
    this.warnings = silver.columns().indexOf(silver.findField("_warnings"));
    this.encoder =
        new RawRecordEncoder(
            ConfluentWireFormat.header(registry.register("raw", RawRecords.SCHEMA_JSON)));
  }

  private static String contract(String window, String versionField, String... checks) {
    List<String> list = new ArrayList<>();
    for (String check : checks) {
      String[] parts = check.split(":");
      list.add(
          String.format(
              "{\"name\": \"%s\", \"severity\": \"%s\", \"check\": \"%s\"}",
              parts[0], parts[1], parts[2]));
    }
    return "{\"type\": \"record\", \"name\": \"Trade\", \"doc\": \"A test's.\", \"finks\": {"
        + "\"entity\": \"trades\", \"version\": 1, \"key\": [\"symbol\", \"at\"],"
        + " \"event-time\": \"at\", \"zone\": \"UTC\", \"period\": \"month\","
        + (versionField.isEmpty() ? "" : " \"version-field\": \"" + versionField + "\",")
        + " \"dedupe-window\": \""
        + window
        + "\", \"drift\": \"evolve\", \"checks\": ["
        + String.join(", ", list)
        + "]}, \"fields\": ["
        + "{\"name\": \"symbol\", \"finks.id\": 1, \"type\": \"string\", \"doc\": \"Which.\"},"
        + "{\"name\": \"at\", \"finks.id\": 2, \"doc\": \"When.\","
        + " \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}},"
        + "{\"name\": \"edition\", \"finks.id\": 3, \"type\": \"long\", \"doc\": \"Orders.\"},"
        + "{\"name\": \"price\", \"finks.id\": 4, \"doc\": \"How much.\", \"default\": null,"
        + " \"type\": [\"null\", {\"type\": \"bytes\", \"logicalType\": \"decimal\","
        + " \"precision\": 18, \"scale\": 2}]}]}";
  }

  private static Binding binding() {
    return Binding.parse(
        "desk.trades.yaml",
        "source: desk\nentity: trades\nformat: json\nraw-key: /symbol\nfields:\n"
            + "  symbol: {pointer: /symbol}\n  at: {pointer: /at}\n"
            + "  edition: {pointer: /edition}\n  price: {pointer: /price}\n");
  }

  static StreamPartition partition(int number) {
    return StreamPartition.of(TOPIC, STREAM, number);
  }

  /** A refiner as it is when nothing is known. */
  Subject start() {
    return new Subject(new TreeMap<>());
  }

  /** A refiner that knows what the tables tell of the partitions before the offsets. */
  Subject startFromTables(Map<StreamPartition, Long> offsets) {
    flush();
    return new Subject(offsets);
  }

  Table table(PipelineTable table) {
    return catalog.load(table.identifier("trades"));
  }

  RawMessage message(int partition, long offset, RawRecord record) {
    return new RawMessage(TOPIC, partition, offset, encoder.encode(record));
  }

  static RawRecord record(
      String symbol, int day, long edition, String price, String batch, long ingestTimeMicros) {
    String at = Instant.ofEpochSecond(1_735_689_600L + 86_400L * day).toString();
    return RawRecord.builder()
        .source("desk")
        .entity("trades")
        .runId("run")
        .batchId(batch)
        .sequence(0)
        .ingestTimeMicros(ingestTimeMicros)
        .key(symbol)
        .contentType("application/json")
        .payload(
            String.format(
                    "{\"symbol\":\"%s\",\"at\":\"%s\",\"edition\":%d,\"price\":%s}",
                    symbol, at, edition, price)
                .getBytes(UTF_8))
        .attributes(Map.of())
        .build();
  }

  private void write(Refinement refinement) throws IOException {
    writers.computeIfAbsent(refinement.table(), this::writer).write(refinement.row());
  }

  private TaskWriter<RowData> writer(PipelineTable role) {
    Table table = table(role);
    RowDataTaskWriterFactory factory =
        new RowDataTaskWriterFactory(
            table,
            FlinkSchemaUtil.convert(table.schema()),
            Long.MAX_VALUE,
            FileFormat.PARQUET,
            table.properties(),
            List.of(),
            false);
    factory.initialize(0, 0);
    return factory.create();
  }

  /** Commits what was written so far, as a checkpoint does. */
  void flush() {
    writers.forEach(
        (role, writer) -> {
          try {
            AppendFiles append = table(role).newAppend();
            for (DataFile file : writer.complete().dataFiles()) {
              append.appendFile(file);
            }
            append.commit();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    writers.clear();
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }

  /** A refiner with the memories of its partitions. */
  final class Subject {
    private final ContractRefiner refiner;
    private final Map<Integer, PartitionWork> works = new HashMap<>();

    private Subject(Map<StreamPartition, Long> offsets) {
      SilverPlan plan = SilverPlan.compile(contract, List.of(binding()), keys());
      refiner =
          new ContractRefiner(
              new RawRecordDecoder(new ConfluentWireFormat(registry)),
              plan,
              new QuarantineRows(1, "test", Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
              topic -> "desk");
      if (!offsets.isEmpty()) {
        Map<PipelineTable, Table> tables = new EnumMap<>(PipelineTable.class);
        for (PipelineTable table : PipelineTable.values()) {
          tables.put(table, table(table));
        }
        refiner
            .load(offsets, tables)
            .forEach(
                (partition, memory) -> works.put(partition.partition(), work(partition, memory)));
      }
    }

    private PartitionWork work(StreamPartition partition, KeyMemory memory) {
      return new PartitionWork(new PartitionProgress(partition, 0, List.of()), memory);
    }

    PartitionWork work(int partition) {
      return works.computeIfAbsent(
          partition,
          number ->
              work(
                  partition(number),
                  SilverPlan.compile(contract, List.of(binding()), keys()).newMemory()));
    }

    /** What becomes of a message: one line per row that goes to a table. */
    List<String> refine(RawMessage message) {
      return refine(message, false);
    }

    /** Refines a message and writes its rows to the tables. */
    List<String> refineAndWrite(RawMessage message) {
      return refine(message, true);
    }

    private List<String> refine(RawMessage message, boolean writes) {
      List<String> rows = new ArrayList<>();
      refiner.refine(
          message,
          work(message.partition()),
          refinement -> {
            rows.add(line(refinement));
            if (writes) {
              try {
                write(refinement);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            }
          });
      return rows;
    }

    private String line(Refinement refinement) {
      PipelineTable role = refinement.table();
      RowData row = refinement.row();
      switch (role) {
        case SILVER:
          return role + (row.isNullAt(warnings) ? "" : " " + row.getString(warnings));
        case QUARANTINE:
          return role + " " + row.getString(15);
        default:
          return role.toString();
      }
    }
  }

  private PiiKeys keys() {
    Map<String, byte[]> keys = new HashMap<>();
    for (String name : PiiKeys.namesFor(contract)) {
      keys.put(name, new byte[PiiKeys.MIN_KEY_BYTES]);
    }
    return PiiKeys.of(keys);
  }
}
