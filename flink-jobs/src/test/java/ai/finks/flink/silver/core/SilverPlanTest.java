package ai.finks.flink.silver.core;

import static ai.finks.flink.silver.core.SilverFixture.decimal;
import static ai.finks.flink.silver.core.SilverFixture.payload;
import static ai.finks.flink.silver.core.SilverFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.schemas.raw.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilverPlanTest {

  private static final String STRING = "\"string\"";
  private static final String LONG = "\"long\"";
  private static final String DATE = "{\"type\": \"int\", \"logicalType\": \"date\"}";

  @Test
  void recordBecomesARow() {
    SilverPlan plan = new SilverFixture().optional("price", decimal(18, 6)).plan();

    SilverRow row = row(plan, record("\"price\":1.5"));

    assertThat(plan.columns()).extracting(Column::name).containsExactly("id", "at", "price");
    assertThat(row.text(0)).isEqualTo("t-1");
    assertThat(row.number(1)).isEqualTo(1_738_702_801_000_000L);
    assertThat(row.number(2)).isEqualTo(1_500_000);
    assertThat(List.of(row.year(), row.month(), row.day())).containsExactly("2025", "02", "04");
    assertThat(List.of(row.source(), row.runId(), row.batchId()))
        .containsExactly("desk", "run-1", "batch-1");
    assertThat(row.sequence()).isEqualTo(3);
    assertThat(row.warnings()).isNull();
  }

  @Test
  void versionIsTheContractsFieldOrTheIngestTime() {
    SilverFixture plain = new SilverFixture().field("revision", LONG, "");

    assertThat(row(plain.plan(), record("\"revision\":42")).version())
        .isEqualTo(1_738_702_802_000_000L);
    assertThat(row(plain.versionField("revision").plan(), record("\"revision\":42")).version())
        .isEqualTo(42);
  }

  @Test
  void recordCarriesAllItsRefusals() {
    SilverPlan plan =
        new SilverFixture()
            .field("price", decimal(18, 2), "")
            .optional("size", LONG)
            .check("price-positive", "price > 0", "refuse")
            .check("size-positive", "size > 0", "refuse")
            .check("size-even", "size in (2, 4)", "refuse")
            .plan();

    assertThat(refusals(plan, payload("{\"at\":5,\"price\":\"x\",\"size\":-1}")))
        .containsExactly(
            "FIELD_MISSING field=id shape=absent",
            "TYPE_MISMATCH field=at shape=number",
            "TYPE_MISMATCH field=price shape=string(1)",
            "CHECK_FAILED check=size-positive",
            "CHECK_FAILED check=size-even");
  }

  @Test
  void warningsLandWithTheRow() {
    SilverPlan plan =
        new SilverFixture()
            .field("price", LONG, "")
            .check("not-one", "price != 1", "warn")
            .check("above-one", "price > 1", "warn")
            .plan();

    assertThat(row(plan, record("\"price\":1")).warnings()).isEqualTo("not-one,above-one");
    assertThat(row(plan, record("\"price\":2")).warnings()).isNull();
  }

  @Test
  void keyOfNothingButSpacesIsRefused() {
    SilverPlan plan = new SilverFixture().plan();

    for (String blank :
        List.of("", " ", "\\t \\n", "\u00a0", "\u2003\u200b", "\ufeff", "\\u0000")) {
      String json = "{\"id\":\"" + blank + "\",\"at\":\"2025-02-04T21:00:01Z\"}";
      assertThat(refusals(plan, payload(json)))
          .as(blank)
          .singleElement()
          .asString()
          .startsWith("KEY_BLANK field=id shape=string(");
    }
    assertThat(refusals(plan, payload("{\"id\":\" \",\"at\":1}")))
        .containsExactly(
            "TYPE_MISMATCH field=at shape=number", "KEY_BLANK field=id shape=string(1)");
    assertThat(refusals(plan, payload("{\"id\":\" \u4e2d\",\"at\":\"2025-02-04T21:00:01Z\"}")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "at <= _ingest_time + 5 minutes  | 2025-02-04T21:05:02Z | 2025-02-04T21:05:03Z",
        "at <= _ingest_time + 90 seconds | 2025-02-04T21:01:32Z | 2025-02-04T21:01:33Z",
        "at < _ingest_time + 1 day       | 2025-02-05T20:00:02Z | 2025-02-05T21:00:02Z",
        "at <= _ingest_time + 0.5 hours  | 2025-02-04T21:30:02Z | 2025-02-04T21:30:03Z",
        "at >= _ingest_time - 1 hour     | 2025-02-04T20:00:02Z | 2025-02-04T20:00:01Z",
        "at >= timestamp '2025-02-04T00:00:00Z' + 1 day | 2025-02-05T00:00:00Z | 2025-02-04T23:59:59Z",
        // Of 2025-02-04T21:00:02Z in Tokyo.
        "on <= _ingest_day + 1 day       | 2025-02-06           | 2025-02-07",
        "on = _ingest_day                | 2025-02-05           | 2025-02-04",
      })
  void timeIsCheckedAgainstWhenTheRecordWasTakenIn(String check, String good, String bad) {
    SilverPlan plan =
        new SilverFixture()
            .eventTime("at", "Asia/Tokyo")
            .optional("on", DATE)
            .check("timely", check, "refuse")
            .plan();
    String field = check.startsWith("on") ? "on" : "at";
    String other = field.equals("on") ? "\"at\":\"2025-02-04T21:00:01Z\"" : "\"on\":null";

    for (String value : List.of(good, bad)) {
      String json = "{\"id\":\"1\"," + other + ",\"" + field + "\":\"" + value + "\"}";
      assertThat(refusals(plan, payload(json)))
          .as(value)
          .isEqualTo(value.equals(bad) ? List.of("CHECK_FAILED check=timely") : List.of());
    }
  }

  @Test
  void recordOfAnotherSourceOrEntityIsRefused() {
    SilverPlan plan = new SilverFixture().plan();

    assertThat(refusals(plan, record().toBuilder().source("other").build()))
        .containsExactly("UNKNOWN_SOURCE");
    assertThat(refusals(plan, record().toBuilder().entity("other").build()))
        .containsExactly("UNKNOWN_SOURCE");
  }

  @Test
  void unknownFieldsAreNotedAndRefusedOnlyUnderQuarantine() {
    Refined out = new SilverFixture().plan().newRefined();
    SilverPlan evolving = new SilverFixture().plan();
    evolving.refine(record("\"colour\":1"), out);

    assertThat(out.rows()).hasSize(1);
    assertThat(out.unknownFields()).containsExactly("colour");
    assertThat(refusals(new SilverFixture().drift("quarantine").plan(), record("\"colour\":1")))
        .containsExactly("UNKNOWN_FIELD field=colour");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "price > 0                          | 1    | 1    | true",
        "price > 0                          | 0    | 1    | false",
        "price > 0                          | null | 1    | true",
        "not price > 0                      | null | 1    | true",
        "price is not null                  | null | 1    | false",
        "price is null                      | null | 1    | true",
        "price, size > 0                    | 1    | 0    | false",
        "0 < price <= size                  | 1    | 1    | true",
        "0 < price <= size                  | 2    | 1    | false",
        "price > 0 and size > 0             | null | 0    | false",
        "price > 0 or size > 0              | null | 1    | true",
        "price > 0 or size > 0              | null | 0    | true",
        "when size = 1 then price = 2       | 3    | 1    | false",
        "when size = 1 then price = 2       | 3    | 2    | true",
        "when size = 1 then price = 2       | 3    | null | true",
        "price - size = 0.5                 | 1.5  | 1    | true",
        "price + size = 0                   | -1   | 1    | true",
        "price = -size                      | -1   | 1    | true",
        "price in (1, 2.5)                  | 2.5  | 1    | true",
        "price not in (1, 2.5)              | 2.5  | 1    | false",
        "price in (1, 2.5)                  | null | 1    | true",
        "size + size + size + size + size + size + size + size + size + size > 0 | 1 | 9223372036854775807 | true",
        "id is not blank                    | 1    | 1    | true",
        "id is blank                        | 1    | 1    | false",
        "id matches 't-[0-9]'               | 1    | 1    | true",
        "id matches 't'                     | 1    | 1    | false",
        "id in ('t-1', 'x') and id != 'x'   | 1    | 1    | true",
        "id < 't-0'                         | 1    | 1    | false",
        "at >= timestamp '2025-02-04T21:00:01Z' | 1 | 1   | true",
        "at > timestamp '2025-02-04T21:00:01Z'  | 1 | 1   | false",
      })
  void checkHoldsOrFails(String condition, String price, String size, boolean holds) {
    SilverPlan plan =
        new SilverFixture()
            .optional("price", decimal(18, 6))
            .optional("size", LONG)
            .check("it", condition, "refuse")
            .plan();

    assertThat(refusals(plan, record("\"price\":" + price, "\"size\":" + size)).isEmpty())
        .isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"string\"` | truncate(4)      | \"DE001234\"   | 1234",
        "`\"string\"` | truncate(4)      | \"123\"        | ``",
        "`\"string\"` | truncate(4)      | \"1234\"       | ``",
        "`{\"type\": \"int\", \"logicalType\": \"date\"}` | generalise(month) | \"1980-05-17\" | 1980-05-01",
        "`{\"type\": \"int\", \"logicalType\": \"date\"}` | generalise(year)  | \"1980-05-17\" | 1980-01-01",
        "`\"long\"`   | generalise(1000) | 1999           | 1000",
        "`\"long\"`   | generalise(1000) | -1             | -1000",
        "`{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 18, \"scale\": 2}` | generalise(0.5) | 1.74 | 1.50",
      })
  void personalDataIsHidden(String type, String masking, String json, String expected) {
    SilverPlan plan = new SilverFixture().personal("who", type, masking).plan();

    SilverRow row = row(plan, record("\"who\":" + json));

    assertThat(ColumnText.of(plan.columns().get(2), row)).isEqualTo(expected);
  }

  @Test
  void tokensAreEqualForEqualValuesUnderOneKeyOnly() {
    SilverPlan plan =
        new SilverFixture()
            .personal("a", STRING, "tokenise")
            .personal("b", STRING, "tokenise")
            .personal("c", STRING, "tokenise(person)")
            .personal("d", STRING, "tokenise(person)")
            .plan();
    String ada = "\"Ada\"";

    SilverRow row =
        row(plan, record("\"a\":" + ada, "\"b\":" + ada, "\"c\":" + ada, "\"d\":" + ada));

    assertThat(row.text(2)).matches("[0-9a-f]{64}").isNotEqualTo(row.text(3));
    assertThat(row.text(4)).isEqualTo(row.text(5));
  }

  @Test
  void droppedFieldHasNoColumnButCountsAsContent() {
    SilverPlan plan = new SilverFixture().personal("secret", STRING, "drop").plan();

    long one = row(plan, record("\"secret\":\"1\"")).hashLo();
    long two = row(plan, record("\"secret\":\"2\"")).hashLo();

    assertThat(plan.columns()).extracting(Column::name).containsExactly("id", "at");
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void contentHashSeesWhatMaskingHides() {
    SilverPlan plan = new SilverFixture().personal("who", STRING, "truncate(1)").plan();

    long one = row(plan, record("\"who\":\"Ada\"")).hashLo();
    long two = row(plan, record("\"who\":\"Eva\"")).hashLo();

    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void contentHashOutlivesWiderTypesNewFieldsAndOtherOrders() {
    SilverFixture first =
        new SilverFixture().field(3, "price", decimal(18, 2), "").field(4, "size", "\"int\"", "");
    SilverFixture later =
        new SilverFixture()
            .field(4, "size", decimal(38, 10), "")
            .field(3, "price", decimal(18, 6), "")
            .optional("note", STRING);
    RawRecord record = record("\"price\":1.50", "\"size\":100");

    SilverRow before = row(first.plan(), record);
    SilverRow after = row(later.plan(), record);

    assertThat(after.hashHi()).isEqualTo(before.hashHi());
    assertThat(after.hashLo()).isEqualTo(before.hashLo());
    assertThat(after.keyHi()).isEqualTo(before.keyHi());
  }

  @Test
  void fingerprintOfARowReadBackIsTheSame() {
    SilverPlan plan =
        new SilverFixture()
            .personal("who", STRING, "tokenise")
            .field("trade_day", DATE, "")
            .key("\"who\", \"trade_day\"")
            .plan();
    SilverRow written = row(plan, record("\"who\":\"Ada\"", "\"trade_day\":\"2025-02-04\""));
    StoredRow readBack = plan.newStoredRow();
    assertThat(readBack.columns()).extracting(Column::name).containsExactly("who", "trade_day");
    readBack.row().setText(2, String.valueOf(written.text(2)));
    readBack.row().setNumber(3, written.number(3));

    readBack.fingerprint("desk");

    assertThat(readBack.keyHigh()).isEqualTo(written.keyHi());
    assertThat(readBack.keyLow()).isEqualTo(written.keyLo());
    readBack.fingerprint("other");
    assertThat(readBack.keyLow()).isNotEqualTo(written.keyLo());
  }

  @Property(tries = 200)
  void orderOfMembersChangesNothing(@ForAll long seed, @ForAll int price, @ForAll String note) {
    SilverPlan plan =
        new SilverFixture().optional("price", decimal(18, 6)).optional("note", STRING).plan();
    List<String> members =
        new ArrayList<>(
            List.of(
                "\"id\":\"t-1\"",
                "\"at\":\"2025-02-04T21:00:01Z\"",
                "\"price\":" + price,
                "\"note\":\"" + note.replaceAll("[^a-z ]", "") + "\""));
    SilverRow row = row(plan, payload("{" + String.join(",", members) + "}"));
    long hash = row.hashLo();
    long key = row.keyLo();

    Collections.shuffle(members, new Random(seed));
    SilverRow shuffled = row(plan, payload("{" + String.join(",", members) + "}"));

    assertThat(shuffled.hashLo()).isEqualTo(hash);
    assertThat(shuffled.keyLo()).isEqualTo(key);
  }

  @Property(tries = 20_000)
  void noPayloadMakesAPlanThrow(
      @ForAll byte[] noise,
      @ForAll @IntRange(max = 200) int position,
      @ForAll @IntRange(max = 2) int way) {
    byte[] good = record("\"price\":1.5", "\"note\":\"é\"").payload();
    byte[] payload = good.clone();
    if (way == 0) {
      payload = noise;
    } else if (way == 1) {
      payload = Arrays.copyOf(good, position % good.length);
    } else {
      for (int i = 0; i < Math.min(4, noise.length); i++) {
        payload[(position + i) % payload.length] = noise[i];
      }
    }

    FUZZED.refine(payload(payload), FUZZ_OUT);

    assertThat(FUZZ_OUT.rows().isEmpty()).isEqualTo(FUZZ_OUT.isRefused());
  }

  private static final SilverPlan FUZZED =
      new SilverFixture()
          .optional("price", decimal(18, 6))
          .optional("note", STRING)
          .check("price", "price > 0", "refuse")
          .check("form", "id matches '(a|b|t|-|[0-9])*'", "warn")
          .plan();
  private static final Refined FUZZ_OUT = FUZZED.newRefined();

  @Test
  void hugeAndDeepPayloadsAreRefused() {
    SilverPlan plan = new SilverFixture().check("form", "id matches '(a|b)*'", "refuse").plan();
    String longId = "{\"id\":\"" + "ab".repeat(1_000_000) + "c\",\"at\":\"2025-02-04T21:00:01Z\"}";

    assertThat(refusals(plan, payload(new byte[10_000_000])))
        .containsExactly("PAYLOAD_TOO_LARGE shape=payload(10000000)");
    assertThat(refusals(plan, payload("[".repeat(1_000_000))))
        .containsExactly("PAYLOAD_TOO_DEEP shape=payload(1000000)");
    assertThat(refusals(plan, payload(longId))).containsExactly("CHECK_FAILED check=form");
  }

  @Test
  void missingKeyAndForeignBindingStopCompiling() {
    SilverFixture fixture = new SilverFixture().personal("who", STRING, "tokenise");

    assertThatThrownBy(
            () ->
                SilverPlan.compile(
                    fixture.contract(),
                    List.of(fixture.binding()),
                    PiiKeys.of(Map.of("content-hash", new byte[32]))))
        .hasMessage("the key 'trades.who' is missing");
    assertThatThrownBy(() -> PiiKeys.of(Map.of("content-hash", new byte[31])))
        .hasMessageContaining("fewer than 32 bytes");
  }

  @Test
  void refusalsAndKeysShowNoValues() {
    SilverPlan plan = new SilverFixture().personal("who", LONG, "tokenise").plan();

    List<String> refusals = refusals(plan, record("\"who\":\"CANARY-4711\""));

    assertThat(refusals).containsExactly("TYPE_MISMATCH field=who shape=string(11)");
    assertThat(
            PiiKeys.of(
                Map.of(
                    "a", "CANARY-4711-CANARY-4711-CANARY-4711".getBytes(StandardCharsets.UTF_8))))
        .hasToString("PiiKeys[a]");
  }

  private static SilverRow row(SilverPlan plan, RawRecord record) {
    Refined out = plan.newRefined();
    plan.refine(record, out);
    assertThat(out.refusals()).isEmpty();
    assertThat(out.rows()).hasSize(1);
    return out.rows().get(0);
  }

  private static List<String> refusals(SilverPlan plan, RawRecord record) {
    Refined out = plan.newRefined();
    plan.refine(record, out);
    assertThat(out.rows().isEmpty()).isEqualTo(out.isRefused() || out.filtered() > 0);
    return out.refusals().stream().map(Refusal::toString).collect(Collectors.toList());
  }

  @Test
  void driftPolicySaysWhetherARecordWithAnUnknownFieldLandsIsFlaggedOrRefused() {
    RawRecord record = record("\"surprise\":1");

    assertThat(row(new SilverFixture().drift("evolve").plan(), record).warnings()).isNull();
    assertThat(row(new SilverFixture().drift("freeze").plan(), record).warnings())
        .isEqualTo("drift");
    assertThat(refusals(new SilverFixture().drift("quarantine").plan(), record))
        .containsExactly("UNKNOWN_FIELD field=surprise");
  }

  @Test
  void refusedTypesAndMissingFieldsAreDriftAtOnce() {
    SilverPlan plan = new SilverFixture().field("price", decimal(18, 2), "").plan();
    Refined refined = plan.newRefined();

    plan.refine(payload("{\"id\":\"t-1\",\"price\":\"x\",\"more\":1}"), refined);

    assertThat(refined.drifts())
        .extracting(FieldDrift::toString)
        .containsExactly("VANISHED /at", "TYPE /price");
    assertThat(refined.unknownFields()).containsExactly("more");
  }
}
