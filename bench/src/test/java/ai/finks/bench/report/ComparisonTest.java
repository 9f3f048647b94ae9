package ai.finks.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.bench.feed.FeedSpec;
import ai.finks.bench.feed.FeedTotals;
import ai.finks.bench.feed.QuoteFeed;
import ai.finks.bench.variant.Lap;
import ai.finks.bench.variant.VariantResult;
import ai.finks.bench.variant.Variants;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final Comparison comparison = new Comparison();
  private final FeedTotals totals = FeedTotals.of(new QuoteFeed(FeedSpec.standard(1, 1_000)));

  @Test
  void ratiosGoByTheMediansOfTheWarmLaps() {
    add(Variants.SILVER, 10, 2);
    add(Variants.SILVER, 10, 1);
    add(Variants.SILVER, 10, 100);
    add(Variants.FLINK_SQL, 10, 5);
    add(Variants.FLINK_SQL, 10, 4);
    add(Variants.FLINK_SQL, 10, 1);

    ObjectNode document = report(List.of()).document(BenchReport.object());

    assertThat(document.path("ratios").path("silver_vs_flink_sql").asDouble()).isEqualTo(2.0);
    assertThat(document.path("runs").get(0).path("records_per_second").get(0).asLong())
        .isEqualTo(500);
    assertThat(document.path("runs").get(0).path("cold_median").asLong()).isEqualTo(100);
    assertThat(document.path("verified").asBoolean()).isTrue();
  }

  @Test
  void whatTheTablesLackIsSaid() {
    add(Variants.SILVER, 10, 2);

    ObjectNode document = report(List.of("silver: holds less")).document(BenchReport.object());

    assertThat(document.path("verified").asBoolean()).isFalse();
    assertThat(document.path("problems").get(0).asText()).contains("holds less");
  }

  @Test
  void percentilesAreThoseOfTheRanks() {
    Latencies latencies = new Latencies();
    for (int i = 100; i >= 1; i--) {
      latencies.add(i * 1_000_000L);
    }

    assertThat(latencies.percentile(50)).isEqualTo(50);
    assertThat(latencies.percentile(99)).isEqualTo(99);
    assertThat(latencies.percentile(100)).isEqualTo(100);
  }

  private BenchReport report(List<String> problems) {
    return new BenchReport("silver", comparison, Variants.SILVER, totals, problems);
  }

  private void add(String variant, double coldSeconds, double warmSeconds) {
    comparison.add(
        variant,
        new VariantResult(
            List.of(
                new Lap(1_000, coldSeconds, coldSeconds, 0),
                new Lap(1_000, warmSeconds + 1, warmSeconds, 0)),
            1,
            1));
  }
}
