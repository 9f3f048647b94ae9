package ai.finks.stack.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.stack.chaos.Sent.Fact;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of the shipped contracts {@code bars} and {@code transactions}: few keys, contents
 * and versions, so that they meet; new ones, restatements that are older or newer than what came
 * before, periods long over beside the present one, and what no contract takes.
 */
final class RecordMaker {
  /** A stream that records are made for. */
  enum Stream {
    /** A period is part of the key, the version is the ingest time. */
    BARS("fmp", "bars"),
    /** A key may move to another period, the version is a field. */
    TRANSACTIONS("mongodb", "transactions");

    private final String source;
    private final String entity;

    Stream(String source, String entity) {
      this.source = source;
      this.entity = entity;
    }

    String source() {
      return source;
    }

    String entity() {
      return entity;
    }
  }

  static final int PARTITIONS = 2;

  private static final int KEYS_PER_PARTITION = 4;
  private static final int DAYS_PER_MONTH = 3;
  private static final long FIRST_INGEST_MICROS = 1_738_702_800_000_000L;

  private final Random random;
  private final RawRecordEncoder encoder;
  private final List<YearMonth> months;
  private List<YearMonth> open;
  private final long firstUpdateMillis;
  private long ingestMicros = FIRST_INGEST_MICROS;
  private long sequence;

  /**
   * @param present a month that is not over
   */
  RecordMaker(Random random, byte[] wireHeader, YearMonth present) {
    this.random = random;
    this.encoder = new RawRecordEncoder(wireHeader);
    this.months =
        List.of(
            YearMonth.of(2024, 1),
            YearMonth.of(2024, 2),
            YearMonth.of(2024, 3),
            YearMonth.of(2024, 12),
            present);
    this.open = months;
    // Whatever was executed, it was updated later: no check has anything to warn of.
    this.firstUpdateMillis =
        present.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  /** Makes no valid record of these months from now on; none for no such month. */
  void spare(List<YearMonth> spared) {
    open = months.stream().filter(month -> !spared.contains(month)).toList();
  }

  /** A record that may be news, a restatement or of no news. */
  Sent valid(Stream stream, int partition) {
    ingestMicros += 1 + random.nextInt(20_000_000);
    long ingest = ingestMicros - (random.nextInt(4) == 0 ? random.nextInt(60_000_000) : 0);
    String batch = "b" + random.nextInt(3);
    YearMonth month = open.get(random.nextInt(open.size()));
    String key = partition + "-" + random.nextInt(KEYS_PER_PARTITION);
    return stream == Stream.BARS
        ? bar(key, month, ingest, batch)
        : transaction(key, month, ingest, batch);
  }

  private Sent bar(String key, YearMonth month, long ingest, String batch) {
    String symbol = "S" + key.replace('-', 'X');
    String day = month.atDay(5 + random.nextInt(DAYS_PER_MONTH)).toString();
    String close = "10.0" + (1 + random.nextInt(3)) + "0000";
    String payload =
        String.format(
            "{\"symbol\":\"%s\",\"date\":\"%s\",\"open\":10,\"high\":20,\"low\":5,"
                + "\"close\":%s,\"volume\":1000}",
            symbol, day, close);
    return fact(
        raw(Stream.BARS, symbol, payload, ingest, batch),
        symbol + "/" + day,
        symbol + "/" + day + "/" + close,
        ingest);
  }

  private Sent transaction(String key, YearMonth month, long ingest, String batch) {
    String id = "T" + key;
    String day = month.atDay(5 + random.nextInt(DAYS_PER_MONTH)).toString();
    String amount = (1 + random.nextInt(3)) + "00.50";
    // Mostly news, now and then older than what came before, sometimes of the same version.
    long updatedMillis = firstUpdateMillis + 1000L * (sequence / 2 + random.nextInt(20));
    String payload =
        String.format(
            "{\"_id\":\"%s\",\"portfolioId\":\"P1\",\"clientId\":\"C1\",\"clientName\":\"Ann\","
                + "\"clientEmail\":\"a@b.c\",\"accountNumber\":\"12345678\",\"type\":\"deposit\","
                + "\"status\":\"booked\",\"netAmount\":{\"$numberDecimal\":\"%s\"},"
                + "\"currency\":\"USD\",\"tradeDate\":\"%s\","
                + "\"executedAt\":{\"$date\":\"%sT15:00:00Z\"},\"updatedAt\":{\"$date\":\"%s\"}}",
            id, amount, day, day, Instant.ofEpochMilli(updatedMillis));
    long version = updatedMillis * 1000;
    return fact(
        raw(Stream.TRANSACTIONS, id, payload, ingest, batch),
        id,
        id + "/" + day + "/" + amount + "/" + version,
        version);
  }

  private static Sent.Fact factOf(RawRecord raw, String key, String content, long version) {
    return new Fact(raw.source(), key, content, version, raw.batchId(), raw.sequence());
  }

  private Sent fact(RawRecord raw, String key, String content, long version) {
    return new Sent(encoder.encode(raw), raw, factOf(raw, key, content, version), "");
  }

  /** Something that cannot become a row. */
  Sent corrupt(Stream stream) {
    switch (random.nextInt(4)) {
      case 0:
        return new Sent(
            new byte[] {9, 9, (byte) random.nextInt(100)}, null, null, "ENVELOPE_UNDECODABLE");
      case 1:
        return refused(stream, "{\"symbol\":\"", "PAYLOAD_MALFORMED");
      case 2:
        return refused(
            stream,
            wrong(stream, "\"much\"", "200.00"),
            stream == Stream.BARS ? "TYPE_MISMATCH" : "UNPARSEABLE_DATE");
      default:
        return refused(stream, wrong(stream, "-1", "-200.00"), "CHECK_FAILED");
    }
  }

  /** A payload with a wrong price, or a deposit of a wrong amount or without a known type. */
  private String wrong(Stream stream, String price, String amount) {
    if (stream == Stream.BARS) {
      return "{\"symbol\":\"S1\",\"date\":\"2024-01-05\",\"open\":10,\"high\":20,\"low\":5,\"close\":"
          + price
          + ",\"volume\":1000}";
    }
    String executed = price.startsWith("\"") ? price : "\"2024-01-05T15:00:00Z\"";
    return "{\"_id\":\"T9\",\"portfolioId\":\"P1\",\"clientId\":\"C1\",\"clientName\":\"Ann\","
        + "\"clientEmail\":\"a@b.c\",\"accountNumber\":\"12345678\",\"type\":\"deposit\","
        + "\"status\":\"booked\",\"netAmount\":{\"$numberDecimal\":\""
        + amount
        + "\"},\"currency\":\"USD\",\"tradeDate\":\"2024-01-05\",\"executedAt\":{\"$date\":"
        + executed
        + "},\"updatedAt\":{\"$date\":\"2030-01-01T00:00:00Z\"}}";
  }

  private Sent refused(Stream stream, String payload, String reason) {
    RawRecord raw = raw(stream, null, payload, ++ingestMicros, "b0");
    return new Sent(encoder.encode(raw), raw, null, reason);
  }

  private RawRecord raw(
      Stream stream, @Nullable String key, String payload, long ingest, String batch) {
    return RawRecord.builder()
        .source(stream.source())
        .entity(stream.entity())
        .runId("run" + random.nextInt(2))
        .batchId(batch)
        .sequence(sequence++)
        .ingestTimeMicros(ingest)
        .key(key)
        .contentType("application/json")
        .payload(payload.getBytes(UTF_8))
        .build();
  }
}
