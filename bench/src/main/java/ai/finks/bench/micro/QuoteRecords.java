package ai.finks.bench.micro;

import ai.finks.bench.feed.FeedSpec;
import ai.finks.bench.feed.QuoteEnvelopes;
import ai.finks.bench.feed.QuoteFeed;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Some thousand quotes as they come from the stream, taken in turn. */
final class QuoteRecords {
  static final int COUNT = 4_096;

  private final RawRecordDecoder decoder;
  private final List<byte[]> wires = new ArrayList<>();
  private final List<RawRecord> records = new ArrayList<>();
  private int next;

  QuoteRecords() {
    InMemoryRegistryClient registry = new InMemoryRegistryClient();
    int id = registry.register("raw", RawRecords.SCHEMA_JSON);
    this.decoder = new RawRecordDecoder(new ConfluentWireFormat(registry));
    QuoteFeed feed = new QuoteFeed(new FeedSpec(1, COUNT, 8_000, 0, 0));
    QuoteEnvelopes envelopes = new QuoteEnvelopes(feed, id);
    StringBuilder text = new StringBuilder();
    for (int index = 0; index < COUNT; index++) {
      byte[] wire = envelopes.wire(index, feed.payload(index, text));
      wires.add(wire);
      records.add(Objects.requireNonNull(decoder.decode(wire).record()));
    }
  }

  RawRecordDecoder decoder() {
    return decoder;
  }

  byte[] nextWire() {
    return wires.get(next++ & (COUNT - 1));
  }

  RawRecord nextRecord() {
    return records.get(next++ & (COUNT - 1));
  }
}
