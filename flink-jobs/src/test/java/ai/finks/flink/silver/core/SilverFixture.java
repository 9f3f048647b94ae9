package ai.finks.flink.silver.core;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds a small contract {@code trades}, its binding of the source {@code desk}, and records. */
final class SilverFixture {

  private final List<String> fields = new ArrayList<>();
  private final List<String> bindings = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();
  private String key = "\"id\"";
  private String eventTime = "at";
  private String zone = "UTC";
  private String more = "";
  private String drift = "evolve";

  SilverFixture() {
    field("id", "\"string\"", "");
    field("at", "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}", "");
  }

  static String decimal(int precision, int scale) {
    return String.format(
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": %d, \"scale\": %d}",
        precision, scale);
  }

  /** Adds a required field, bound to the member of the same name. */
  SilverFixture field(String name, String type, String properties) {
    return field(fields.size() + 1, name, type, properties);
  }

  SilverFixture field(int id, String name, String type, String properties) {
    fields.add(
        String.format(
            "{\"name\": \"%s\", \"finks.id\": %d, \"type\": %s, \"doc\": \"Of a test.\"%s}",
            name, id, type, properties));
    bindings.add("  " + name + ": {pointer: /" + name + "}");
    return this;
  }

  /** Adds a nullable field. */
  SilverFixture optional(String name, String type) {
    return field(name, "[\"null\", " + type + "]", ", \"default\": null");
  }

  /** Adds a required field that is personal data. */
  SilverFixture personal(String name, String type, String masking) {
    return field(name, type, ", \"confluent:tags\": [\"PII\"], \"finks.pii\": \"" + masking + "\"");
  }

  SilverFixture check(String name, String condition, String severity) {
    checks.add(
        String.format(
            "{\"name\": \"%s\", \"check\": \"%s\", \"severity\": \"%s\"}",
            name, condition, severity));
    return this;
  }

  SilverFixture key(String names) {
    this.key = names;
    return this;
  }

  SilverFixture eventTime(String name, String inZone) {
    this.eventTime = name;
    this.zone = inZone;
    return this;
  }

  SilverFixture versionField(String name) {
    this.more = "\"version-field\": \"" + name + "\", ";
    return this;
  }

  SilverFixture drift(String policy) {
    this.drift = policy;
    return this;
  }

  Contract contract() {
    return Contract.parse(
        "trades.avsc",
        String.format(
            "{\"type\": \"record\", \"name\": \"Trade\", \"doc\": \"A test's.\", \"finks\":"
                + " {\"entity\": \"trades\", \"version\": 1, \"key\": [%s], \"event-time\": \"%s\","
                + " \"zone\": \"%s\", \"period\": \"day\", %s\"dedupe-window\": \"all\", \"drift\":"
                + " \"%s\", \"checks\": [%s]}, \"fields\": [%s]}",
            key,
            eventTime,
            zone,
            more,
            drift,
            String.join(", ", checks),
            String.join(", ", fields)));
  }

  Binding binding() {
    return Binding.parse(
        "desk.trades.yaml",
        "source: desk\nentity: trades\nformat: json\nraw-key: /id\nfields:\n"
            + String.join("\n", bindings)
            + "\n");
  }

  SilverPlan plan() {
    return SilverPlan.compile(contract(), List.of(binding()), keys(contract()));
  }

  static PiiKeys keys(Contract contract) {
    Map<String, byte[]> keys = new HashMap<>();
    for (String name : PiiKeys.namesFor(contract)) {
      byte[] key = new byte[PiiKeys.MIN_KEY_BYTES];
      key[0] = (byte) name.hashCode();
      keys.put(name, key);
    }
    return PiiKeys.of(keys);
  }

  /** A record of {@code id} and {@code at} and what else a test needs. */
  static RawRecord record(String... moreMembers) {
    List<String> members =
        new ArrayList<>(List.of("\"id\":\"t-1\"", "\"at\":\"2025-02-04T21:00:01Z\""));
    members.addAll(List.of(moreMembers));
    return payload("{" + String.join(",", members) + "}");
  }

  static RawRecord payload(String json) {
    return payload(json.getBytes(StandardCharsets.UTF_8));
  }

  static RawRecord payload(byte[] payload) {
    return RawRecord.builder()
        .source("desk")
        .entity("trades")
        .runId("run-1")
        .batchId("batch-1")
        .sequence(3)
        .ingestTimeMicros(1_738_702_802_000_000L)
        .contentType("application/json")
        .payload(payload)
        .build();
  }
}
