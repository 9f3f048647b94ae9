package ai.finks.flink.silver.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.core.LanguageFixture;
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
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import ai.finks.schemas.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages that are handed over together are taken apart ahead of each other. What becomes of them
 * must be what becomes of each one alone: rows, refusals, counts, drift.
 */
class GroupedMessagesTest {
  private static final String FIXTURES = "../schemas/src/test/resources/language/fixtures/";
  private static final StreamPartition PARTITION =
      StreamPartition.of("any.deals.raw.v1", "stream", 0);
  private static final int GROUP = 64;

  @TempDir private Path home;

  private final WireFormat wireFormat = new ConfluentWireFormat(new InMemoryRegistryClient());
  private final RawRecordEncoder encoder =
      new RawRecordEncoder(wireFormat.header(PARTITION.topic(), RawRecords.SCHEMA_JSON));
  private RowType silver = RowType.of();

  @BeforeEach
  void tables() throws IOException {
    try (LakeCatalog catalog = TestCatalog.create(home)) {
      LakeTables.createMissing(
          catalog, home.resolve("lake").toString(), List.of(LanguageFixture.plan().contract()));
      silver =
          FlinkSchemaUtil.convert(catalog.load(PipelineTable.SILVER.identifier("deals")).schema());
    }
  }

  @Test
  void groupComesToWhatItsMessagesComeToAloneInAnyOrder() throws IOException {
    List<byte[]> records = records();
    for (int seed = 0; seed < 20; seed++) {
      List<byte[]> order = new ArrayList<>();
      Random random = new Random(seed);
      for (int i = 0; i < GROUP; i++) {
        order.add(records.get(random.nextInt(records.size())));
      }

      assertThat(outcome(order, true)).as("seed %d", seed).isEqualTo(outcome(order, false));
    }
  }

  @Test
  void unknownFieldIsCountedForTheRecordThatHasIt() {
    List<byte[]> sixteen = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String more = i == 0 ? ", \"novel\": 1" : "";
      sixteen.add(encoded("desk", "{\"desk\":\"zurich\",\"book\":\"A\",\"no\":" + i + more + "}"));
    }

    assertThat(outcome(sixteen, true))
        .filteredOn(line -> line.startsWith("drift"))
        .singleElement()
        .asString()
        .contains("UNKNOWN novel=1}");
  }

  /** The fixtures' records, and one with characters that are escaped in JSON. */
  private List<byte[]> records() throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (String file : List.of("desk.deals/deals", "venue.deals/trades", "lists.deals/pairs")) {
      String source = file.substring(0, file.indexOf('.'));
      for (String line : Files.readAllLines(Path.of(FIXTURES, file + ".ndjson"))) {
        records.add(encoded(source, line));
      }
    }
    records.add(
        encoded(
            "desk",
            "{\"desk\":\"zurich\",\"book\":\"\\u00c4\\n\",\"no\":71,\"symbol\":\"A\\u0042C\","
                + "\"day\":\"04.02.2025\",\"time\":\"15:30\",\"price\":\"$1\",\"side\":\"B\","
                + "\"venue\":\"\\u20ac\\ud83d\\ude00\",\"max.muster@example.com\":1}"));
    records.add(new byte[] {0, 1, 2});
    return records;
  }

  private byte[] encoded(String source, String payload) {
    RawRecord record =
        LanguageFixture.record(source, payload).toBuilder()
            .payload(payload.getBytes(UTF_8))
            .build();
    return encoder.encode(record);
  }

  private List<String> outcome(List<byte[]> values, boolean together) {
    // A plan remembers which fields it saw.
    SilverPlan plan = LanguageFixture.plan();
    ContractRefiner refiner =
        new ContractRefiner(
            new RawRecordDecoder(wireFormat),
            plan,
            new QuarantineRows(1, "test", Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
            topic -> "venue");
    PartitionWork work =
        new PartitionWork(new PartitionProgress(PARTITION, 0, List.of()), plan.newMemory());
    List<RawMessage> messages = new ArrayList<>();
    for (byte[] value : values) {
      RawMessage message = new RawMessage(PARTITION.topic(), 0, messages.size(), value);
      if (together && !messages.isEmpty()) {
        messages.get(messages.size() - 1).setNext(message);
      }
      messages.add(message);
    }
    List<String> lines = new ArrayList<>();
    Consumer<Refinement> rows = refinement -> lines.add(line(refinement));
    for (RawMessage message : messages) {
      work.counts().read();
      refiner.refine(message, work, rows);
    }
    lines.add("counts " + work.counts().take().asMap());
    lines.add("runs " + work.runs().take());
    var drift = work.drift().take();
    List<String> fields = new ArrayList<>();
    drift.fields().forEach((key, n) -> fields.add(key.kind() + " " + key.field() + "=" + n));
    lines.add("drift records=" + drift.records() + " {" + String.join(", ", fields) + "}");
    return lines;
  }

  private String line(Refinement refinement) {
    RowData row = refinement.row();
    StringBuilder line = new StringBuilder(refinement.table().toString());
    if (refinement.table() != PipelineTable.SILVER) {
      return line.append(" ")
          .append(row.getString(15))
          .append(" ")
          .append(row.getInt(9))
          .toString();
    }
    for (int i = 0; i < silver.getFieldCount(); i++) {
      Object value = RowData.createFieldGetter(silver.getTypeAt(i), i).getFieldOrNull(row);
      line.append(' ').append(value instanceof byte[] ? Arrays.toString((byte[]) value) : value);
    }
    return line.toString();
  }
}
