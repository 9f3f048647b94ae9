package ai.finks.bench.feed;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The benchmark's own contract takes what the feed calls good, and nothing else. */
class QuoteContractTest {
  @Test
  void contractAcceptsGoodQuotesAndRefusesBadOnes() {
    SchemaCatalog catalog = SchemaCatalog.load(Path.of("schemas"));
    Contract contract = catalog.contract(QuoteEnvelopes.ENTITY).orElseThrow();
    Map<String, byte[]> keys = new HashMap<>();
    PiiKeys.namesFor(contract).forEach(name -> keys.put(name, new byte[PiiKeys.MIN_KEY_BYTES]));
    SilverPlan plan =
        SilverPlan.compile(contract, catalog.bindingsOf(QuoteEnvelopes.ENTITY), PiiKeys.of(keys));
    Refined refined = plan.newRefined();
    QuoteFeed feed = new QuoteFeed(FeedSpec.standard(3, 20_000));
    InMemoryRegistryClient registry = new InMemoryRegistryClient();
    QuoteEnvelopes envelopes =
        new QuoteEnvelopes(feed, registry.register("raw", RawRecords.SCHEMA_JSON));
    RawRecordDecoder decoder = new RawRecordDecoder(new ConfluentWireFormat(registry));
    StringBuilder text = new StringBuilder();
    long refused = 0;
    for (long index = 0; index < feed.spec().records(); index++) {
      byte[] wire = envelopes.wire(index, feed.payload(index, text));
      RawRecord record = Objects.requireNonNull(decoder.decode(wire).record());
      plan.refine(record, refined);
      refused += refined.isRefused() ? 1 : 0;
    }
    FeedTotals totals = FeedTotals.of(feed);

    assertThat(refused).isEqualTo(totals.malformed() + totals.negative()).isPositive();
  }
}
