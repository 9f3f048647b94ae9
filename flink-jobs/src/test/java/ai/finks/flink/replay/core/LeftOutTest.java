package ai.finks.flink.replay.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.contract.Contract;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftOutTest {
  private static final String INSTANT = "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}";
  private static final String DAY = "{\"type\":\"int\",\"logicalType\":\"date\"}";
  private static final ReplayRange MARCH = event("2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "EVENT,  '\"id\",\"at\"', all, false, true",
    "EVENT,  '\"id\"',        all, false, false",
    "EVENT,  '\"id\",\"at\"', P7D, false, false",
    "EVENT,  '\"id\",\"at\"', all, true,  false",
    "INGEST, '\"id\",\"at\"', all, false, false",
  })
  void rowsAreLeftOutOnlyWhereNoOtherRowDependsOnThem(
      ReplayRange.By by, String key, String window, boolean comparesRows, boolean leavesOut) {
    Contract contract = contract(INSTANT, key, window);
    ReplayRange range = ReplayRange.of(by, MARCH.fromMicros(), MARCH.toMicros());

    assertThat(LeftOut.wanted(range, contract, comparesRows).isPresent()).isEqualTo(leavesOut);
  }

  @Test
  void rowsOfOffsetsAreAllWanted() {
    assertThat(
            LeftOut.wanted(
                ReplayRange.ofOffsets(), contract(INSTANT, "\"id\",\"at\"", "all"), false))
        .isEmpty();
  }

  @Test
  void anInstantIsWantedFromTheBeginningOfTheRangeToBeforeItsEnd() {
    LongPredicate wanted =
        LeftOut.wanted(MARCH, contract(INSTANT, "\"id\",\"at\"", "all"), false).orElseThrow();

    assertThat(wanted.test(MARCH.fromMicros() - 1)).isFalse();
    assertThat(wanted.test(MARCH.fromMicros())).isTrue();
    assertThat(wanted.test(MARCH.toMicros() - 1)).isTrue();
    assertThat(wanted.test(MARCH.toMicros())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // Days begin in New York: at 5:00 in winter, at 4:00 in summer.
    "2026-03-01T05:00:00Z, 2026-04-01T04:00:00Z, 2026-03-01, 2026-03-31",
    "2026-03-01T05:00:00.000001Z, 2026-04-01T04:00:00.000001Z, 2026-03-02, 2026-04-01",
    "2026-03-01T04:59:59Z, 2026-04-01T03:59:59Z, 2026-03-01, 2026-03-31",
  })
  void aDayIsWantedIfItsBeginningLiesInTheRange(
      String from, String to, LocalDate first, LocalDate last) {
    LongPredicate wanted =
        LeftOut.wanted(event(from, to), contract(DAY, "\"id\",\"at\"", "all"), false).orElseThrow();

    assertThat(wanted.test(first.toEpochDay() - 1)).isFalse();
    assertThat(wanted.test(first.toEpochDay())).isTrue();
    assertThat(wanted.test(last.toEpochDay())).isTrue();
    assertThat(wanted.test(last.toEpochDay() + 1)).isFalse();
  }

  private static ReplayRange event(String from, String to) {
    return ReplayRange.of(ReplayRange.By.EVENT, micros(from), micros(to));
  }

  private static long micros(String instant) {
    Instant at = Instant.parse(instant);
    return at.getEpochSecond() * 1_000_000L + at.getNano() / 1000;
  }

  private static Contract contract(String eventTime, String key, String window) {
    return Contract.parse(
        "trades.avsc",
        "{\"type\":\"record\",\"name\":\"Trade\",\"doc\":\"A test's.\",\"finks\":{"
            + "\"entity\":\"trades\",\"version\":1,\"key\":["
            + key
            + "],\"event-time\":\"at\",\"zone\":\"America/New_York\",\"period\":\"month\","
            + "\"dedupe-window\":\""
            + window
            + "\",\"drift\":\"evolve\",\"checks\":[]},\"fields\":["
            + "{\"name\":\"id\",\"finks.id\":1,\"doc\":\"Id.\",\"type\":\"string\"},"
            + "{\"name\":\"at\",\"finks.id\":2,\"doc\":\"When.\",\"type\":"
            + eventTime
            + "}]}");
  }
}
