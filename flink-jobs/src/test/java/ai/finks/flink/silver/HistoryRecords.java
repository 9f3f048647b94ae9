package ai.finks.flink.silver;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.function.ContractRefiner;
import ai.finks.flink.silver.function.RecordRefiner;
import ai.finks.flink.silver.io.QuarantineRows;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The small contract {@code trades} that histories are about, and its records on the wire. */
final class HistoryRecords {
  static final String ENTITY = "trades";
  static final String SOURCE = "desk";

  private static final Contract CONTRACT =
      Contract.parse(
          "trades.avsc",
          "{\"type\":\"record\",\"name\":\"Trade\",\"doc\":\"A test's.\",\"finks\":{"
              + "\"entity\":\"trades\",\"version\":1,\"key\":[\"id\"],\"event-time\":\"at\","
              + "\"zone\":\"UTC\",\"period\":\"month\",\"dedupe-window\":\"all\","
              + "\"drift\":\"evolve\",\"checks\":["
              + "{\"name\":\"positive\",\"check\":\"amount > 0\",\"severity\":\"refuse\"},"
              + "{\"name\":\"small\",\"check\":\"amount < 900\",\"severity\":\"warn\"}]},"
              + "\"fields\":["
              + field(1, "id", "\"string\"")
              + ","
              + field(2, "at", "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}")
              + ","
              + field(3, "amount", decimal())
              + ","
              + field(
                  4, "client", "\"string\",\"confluent:tags\":[\"PII\"],\"finks.pii\":\"tokenise\"")
              + "]}");
  private static final Binding BINDING =
      Binding.parse(
          "desk.trades.yaml",
          "source: desk\nentity: trades\nformat: json\nraw-key: /id\nfields:\n"
              + "  id: {pointer: /id}\n  at: {pointer: /at}\n"
              + "  amount: {pointer: /amount}\n  client: {pointer: /client}\n");
  private static final InMemoryRegistryClient REGISTRY = new InMemoryRegistryClient();
  private static final byte[] HEADER =
      ConfluentWireFormat.header(REGISTRY.register("any-value", RawRecords.SCHEMA_JSON));

  private HistoryRecords() {}

  private static String field(int id, String name, String type) {
    return String.format(
        "{\"name\":\"%s\",\"finks.id\":%d,\"doc\":\"Of a test.\",\"type\":%s}", name, id, type);
  }

  private static String decimal() {
    return "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":18,\"scale\":2}";
  }

  static Contract contract() {
    return CONTRACT;
  }

  static RecordRefiner refiner() {
    return new ContractRefiner(
        new RawRecordDecoder(new ConfluentWireFormat(REGISTRY)),
        SilverPlan.compile(CONTRACT, List.of(BINDING), keys()),
        new QuarantineRows(1, "test", Clock.systemUTC()),
        topic -> SOURCE);
  }

  private static PiiKeys keys() {
    Map<String, byte[]> keys = new HashMap<>();
    for (String name : PiiKeys.namesFor(CONTRACT)) {
      byte[] key = new byte[PiiKeys.MIN_KEY_BYTES];
      key[0] = (byte) name.hashCode();
      keys.put(name, key);
    }
    return PiiKeys.of(keys);
  }

  /**
   * A trade on the wire.
   *
   * @param month of 2025
   * @param cents the content; two trades of a key differ in it alone
   */
  static byte[] trade(
      String id, int month, long cents, long ingestMicros, String batch, long sequence) {
    return wire(
        String.format(
            "{\"id\":\"%s\",\"at\":\"2025-%02d-04T21:00:01Z\",\"amount\":%d.%02d,"
                + "\"client\":\"of %s\"}",
            id, month, cents / 100, cents % 100, id),
        ingestMicros,
        batch,
        sequence);
  }

  /** A raw record of any payload. */
  static byte[] wire(String payload, long ingestMicros, String batch, long sequence) {
    return new RawRecordEncoder(HEADER)
        .encode(
            RawRecord.builder()
                .source(SOURCE)
                .entity(ENTITY)
                .runId("run")
                .batchId(batch)
                .sequence(sequence)
                .ingestTimeMicros(ingestMicros)
                .contentType("application/json")
                .payload(payload.getBytes(UTF_8))
                .build());
  }
}
