package ai.finks.bench.feed;

import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.util.Map;

/** Puts the quotes of a feed into raw records, about 400 bytes with the payload. One thread's. */
public final class QuoteEnvelopes {
  public static final String SOURCE = "bench";
  public static final String ENTITY = "quotes";

  private static final String RUN_ID = "01JQZ3V7M6W8N5T2K4B9D0F1GH";
  private static final long FIRST_INGEST_MICROS = 1_767_657_600_000_000L;
  private static final int BATCH = 10_000;
  private static final Map<String, String> ATTRIBUTES =
      Map.of("endpoint", "/v3/quotes/stream", "status", "200");

  private final QuoteFeed feed;
  private final RawRecordEncoder encoder;

  public QuoteEnvelopes(QuoteFeed feed, int schemaId) {
    this.feed = feed;
    this.encoder = new RawRecordEncoder(ConfluentWireFormat.header(schemaId));
  }

  /**
   * The record at an index, as it lies on the wire. A duplicate has the envelope of its original:
   * it was sent twice, not observed twice.
   */
  public byte[] wire(long index, byte[] payload) {
    long original = feed.original(index);
    return wire(original, payload, FIRST_INGEST_MICROS + original);
  }

  /** As {@link #wire(long, byte[])}, ingested at a given time. */
  public byte[] wire(long index, byte[] payload, long ingestMicros) {
    return encoder.encode(
        RawRecord.builder()
            .source(SOURCE)
            .entity(ENTITY)
            .runId(RUN_ID)
            .batchId("bench-batch-" + index / BATCH)
            .sequence(index % BATCH)
            .ingestTimeMicros(ingestMicros)
            .key(QuoteFeed.symbol(feed.symbolNumber(index)))
            .contentType("application/json")
            .payload(payload)
            .attributes(ATTRIBUTES)
            .build());
  }
}
