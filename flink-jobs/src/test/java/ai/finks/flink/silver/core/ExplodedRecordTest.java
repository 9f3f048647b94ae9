package ai.finks.flink.silver.core;

import static ai.finks.flink.silver.core.LanguageFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.payload.RecordReader;
import ai.finks.schemas.raw.RawRecord;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplodedRecordTest {

  private static final String GOOD = "{\"id\":%d,\"t\":1738702801123,\"p\":10000}";

  private final SilverPlan plan = LanguageFixture.plan();
  private final Refined out = plan.newRefined();

  @Test
  void recordLandsInPartAndEachElementKeepsItsNumber() {
    plan.refine(
        trades(
            List.of(good(1), "{\"id\":2}", "{\"id\":3,\"test\":true}", good(4), "{\"p\":\"x\"}")),
        out);

    assertThat(out.rows()).extracting(SilverRow::element).containsExactly(0, 3);
    assertThat(out.rows()).extracting(row -> row.text(0)).containsExactly("S:1:V", "S:4:V");
    assertThat(out.refused()).extracting(RefusedElement::element).containsExactly(1, 4);
    assertThat(out.refused().get(1).reasons())
        .extracting(Refusal::toString)
        .containsExactly(
            "FIELD_MISSING field=deal_id shape=absent",
            "FIELD_MISSING field=traded_at shape=absent",
            "TYPE_MISMATCH field=price shape=string(1)");
    assertThat(out.filtered()).isEqualTo(1);
  }

  @Test
  void rowsOfOneRecordAreRowsOfTheirOwn() {
    plan.refine(trades(List.of(good(1), good(2))), out);

    SilverRow first = out.rows().get(0);
    SilverRow second = out.rows().get(1);
    assertThat(first.text(0)).isEqualTo("S:1:V");
    assertThat(second.text(0)).isEqualTo("S:2:V");
    assertThat(List.of(first.keyHi(), first.hashHi()))
        .doesNotContain(second.keyHi(), second.hashHi());
  }

  @Test
  void elementHasNothingOfTheOneBefore() {
    plan.refine(
        trades(
            List.of(
                "{\"id\":1,\"t\":1738702801123,\"p\":1,\"q\":5,\"s\":\"B\",\"n\":\"x\"}", good(2))),
        out);

    SilverRow second = out.rows().get(1);
    for (Column column : plan.columns()) {
      if (List.of("lots", "side", "note").contains(column.name())) {
        assertThat(second.isNull(column.index())).as(column.name()).isTrue();
      }
    }
  }

  @Test
  void recordAfterALargeOneHasOnlyItsOwnElements() {
    plan.refine(trades(IntStream.range(0, 1_000).mapToObj(this::good).collect(toList())), out);
    assertThat(out.rows()).hasSize(1_000);

    plan.refine(trades(List.of(good(7))), out);

    assertThat(out.rows()).singleElement().extracting(row -> row.text(0)).isEqualTo("S:7:V");
  }

  @Test
  void moreElementsThanARecordMayHaveAreRefusedAsOne() {
    int most = RecordReader.MAX_ELEMENTS;

    plan.refine(trades(IntStream.range(0, most).mapToObj(this::good).collect(toList())), out);
    assertThat(out.rows()).hasSize(most);

    plan.refine(trades(IntStream.range(0, most + 1).mapToObj(this::good).collect(toList())), out);
    assertThat(out.rows()).isEmpty();
    assertThat(out.refused()).hasSize(1);
    assertThat(out.refusals())
        .extracting(Refusal::code)
        .containsExactly(RefusalReason.TOO_MANY_ELEMENTS);
  }

  @Test
  void largeRecordOfMostlyBadElementsGoesToQuarantineOnce() {
    String bad = "{\"id\":1,\"n\":\"" + "x".repeat(400) + "\"}";

    plan.refine(trades(Collections.nCopies(100, bad)), out);
    assertThat(out.refused()).hasSize(100);

    // 4,000 elements with a payload of 1.7 MB each would take 6.8 GB.
    plan.refine(trades(Collections.nCopies(4_000, bad)), out);
    assertThat(out.rows()).isEmpty();
    assertThat(out.refused()).hasSize(1);
    assertThat(out.refusals())
        .extracting(Refusal::toString)
        .containsExactly(
            "TOO_MANY_REFUSALS shape=elements(4000)",
            "FIELD_MISSING field=traded_at shape=absent",
            "FIELD_MISSING field=price shape=absent");
  }

  private String good(int id) {
    return String.format(GOOD, id);
  }

  private static RawRecord trades(List<String> elements) {
    return record(
        "venue", "{\"book\":{\"trades\":[" + String.join(",", elements) + "]},\"symbol\":\"S\"}");
  }

  private static <T> Collector<T, ?, List<T>> toList() {
    return Collectors.toList();
  }
}
