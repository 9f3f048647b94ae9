package ai.finks.bench.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QuoteFeedTest {
  private static final long RECORDS = 200_000;

  private final QuoteFeed feed = new QuoteFeed(FeedSpec.standard(7, RECORDS));
  private final StringBuilder text = new StringBuilder();

  @Test
  void equalSeedsMakeEqualBytesAndOthersDoNot() {
    QuoteFeed same = new QuoteFeed(FeedSpec.standard(7, RECORDS));
    QuoteFeed other = new QuoteFeed(FeedSpec.standard(8, RECORDS));

    assertThat(feed.payload(123_456, text)).isEqualTo(same.payload(123_456, text));
    assertThat(feed.payload(123_456, text)).isNotEqualTo(other.payload(123_456, text));
  }

  @Test
  void sharesOfDuplicatesAndBadRecordsAreThoseAskedFor() {
    FeedTotals totals = FeedTotals.of(feed);

    assertThat(totals.records()).isEqualTo(RECORDS);
    assertThat(totals.duplicates() / (double) RECORDS).isCloseTo(0.01, within(0.001));
    assertThat((totals.malformed() + totals.negative()) / (double) RECORDS)
        .isCloseTo(0.001, within(0.0003));
    assertThat(totals.malformed()).isPositive();
    assertThat(totals.negative()).isPositive();
  }

  @Test
  void totalsAreWhatThePayloadsSumUpTo() throws Exception {
    long ordinaryVolume = 0;
    long negativeVolume = 0;
    long malformed = 0;
    for (long index = 0; index < 20_000; index++) {
      JsonNode quote = parse(feed.payload(index, text));
      if (quote == null) {
        malformed++;
      } else if (quote.get("price").decimalValue().signum() < 0) {
        negativeVolume += quote.get("volume").longValue();
      } else if (feed.kind(index) == QuoteFeed.Kind.ORDINARY) {
        ordinaryVolume += quote.get("volume").longValue();
      }
    }
    FeedTotals totals = FeedTotals.of(new QuoteFeed(FeedSpec.standard(7, 20_000)));

    assertThat(totals.ordinaryVolume()).isEqualTo(ordinaryVolume);
    assertThat(totals.negativeVolume()).isEqualTo(negativeVolume);
    assertThat(totals.malformed()).isEqualTo(malformed);
  }

  @Test
  void duplicatesRepeatAnEarlierOrdinaryRecordAndNothingElseRepeats() {
    Set<String> seen = new HashSet<>();
    for (long index = 0; index < 50_000; index++) {
      String payload = new String(feed.payload(index, text), UTF_8);
      if (feed.kind(index) == QuoteFeed.Kind.DUPLICATE) {
        assertThat(seen).contains(payload);
        assertThat(feed.kind(feed.original(index))).isEqualTo(QuoteFeed.Kind.ORDINARY);
      } else {
        assertThat(seen.add(payload)).isTrue();
      }
    }
  }

  @Test
  void payloadsHaveAboutTwoHundredBytesAndSymbolsAreSpread() {
    double bytes =
        LongStream.range(0, 1_000).map(i -> feed.payload(i, text).length).average().orElse(0);
    long symbols = LongStream.range(0, RECORDS).mapToInt(feed::symbolNumber).distinct().count();

    assertThat(bytes).isBetween(190.0, 220.0);
    assertThat(symbols).isEqualTo(8_000);
    assertThat(QuoteFeed.symbol(0)).isEqualTo("AAAA");
    assertThat(QuoteFeed.symbol(26)).isEqualTo("AABA");
  }

  @Test
  void sharesBeyondTheWholeAreRefused() {
    assertThatThrownBy(() -> new FeedSpec(1, 1, 1, 999_999, 2)).hasMessageContaining("999999");
    assertThatThrownBy(() -> new FeedSpec(1, 0, 1, 0, 0)).hasMessageContaining("records");
  }

  private static JsonNode parse(byte[] payload) throws Exception {
    try {
      return new ObjectMapper().readTree(payload);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
