package ai.finks.flink.silver.core;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The contract and bindings that use all of the language, and records for them. */
public final class LanguageFixture {

  /** 2026-01-01T00:00:00Z. */
  public static final long INGEST_MICROS = 1_767_225_600_000_000L;

  private static final SchemaCatalog CATALOG =
      SchemaCatalog.load(Path.of("../schemas/src/test/resources/language"));

  private LanguageFixture() {}

  static SchemaCatalog catalog() {
    return CATALOG;
  }

  /** A plan of the contract {@code deals} with all its bindings. */
  public static SilverPlan plan() {
    Contract contract = CATALOG.contract("deals").orElseThrow();
    return SilverPlan.compile(contract, CATALOG.bindingsOf("deals"), SilverFixture.keys(contract));
  }

  public static RawRecord record(String source, String payload) {
    return record(source, payload.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static RawRecord record(String source, byte[] payload, Map<String, String> attributes) {
    return RawRecord.builder()
        .source(source)
        .entity("deals")
        .runId("run-1")
        .batchId("batch-1")
        .ingestTimeMicros(INGEST_MICROS)
        .contentType("text/plain")
        .payload(payload)
        .attributes(attributes)
        .build();
  }
}
