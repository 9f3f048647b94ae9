package ai.finks.stack.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rows an expression takes, and what it says of one that cannot be used. */
class RowFilterTest {
  private static final Schema SCHEMA =
      new Schema(
          NestedField.optional(1, "symbol", Types.StringType.get()),
          NestedField.optional(2, "trading_day", Types.DateType.get()),
          NestedField.optional(3, "price", Types.DecimalType.of(18, 6)),
          NestedField.optional(4, "volume", Types.LongType.get()),
          NestedField.optional(5, "at", Types.TimestampType.withZone()),
          NestedField.optional(6, "live", Types.BooleanType.get()),
          NestedField.optional(7, "hash", Types.BinaryType.get()));
  private static final Record FULL =
      row("O'Neil", LocalDate.of(2018, 2, 7), "12.500000", 7L, "2018-02-07T21:00:00Z", true);
  private static final Record EMPTY = row(null, null, null, null, null, null);

  @ParameterizedTest
  @ValueSource(strings = {"x", "''", "it''s "})
  void longTextsAreReadUpToTheGreatestLength(String part) {
    String text = part.repeat(19_000 / part.length());

    assertThat(matches("symbol <> '" + text + "'", FULL)).isTrue();
    assertThatThrownBy(() -> parse("symbol <> '" + "x".repeat(20_001) + "'"))
        .hasMessageContaining("at most 20000 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "symbol = 'O''Neil'",
        "day = '2018-02-07'",
        "DAY = '2018-02-07' AND Volume < 8",
        "price = 12.5 and price <> 12 and price != 13",
        "price between 12 and 12.5",
        "not price between 13 and 14",
        "volume in (1, 7)",
        "volume not in (1, -7)",
        "symbol is not null and not symbol is null",
        "at >= '2018-02-07T21:00:00Z' and at < '2018-02-07T22:00:00+00:00'",
        "at > '2018-02-07'",
        "live = true",
        "not (volume = 8 or (price > 13 and live = true))",
        "not not volume = 7",
        "trading_day = gold.day and symbol in gold.symbols",
        "trading_day between gold.day - 14 days and gold.day + 1 day",
        "volume = 1 or volume = 2 or volume >= 7",
      })
  void rowsAreTakenForWhichItIsTrue(String expression) {
    assertThat(matches(expression, FULL)).isTrue();
    assertThat(matches("not (" + expression + ")", FULL)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "symbol = 'x'",
        "price < 1",
        "volume in (1, 2)",
        "at > '2018-02-07'",
        "live = true",
        "volume between 1 and 2",
        "price <> 1"
      })
  void whatIsNullIsNeitherTrueNorFalse(String expression) {
    assertThat(matches(expression, EMPTY)).isFalse();
    assertThat(matches("not (" + expression + ")", EMPTY)).isFalse();
    assertThat(matches("not (" + expression + ")", FULL)).isNotEqualTo(matches(expression, FULL));
  }

  @Test
  void valuesOfNoRowMatchNothing() {
    assertThat(matches("symbol in gold.nothing", FULL)).isFalse();
    assertThat(matches("symbol = gold.nothing", FULL)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "colour = 'red' | at position 1: | there is no column colour; there are: at, hash, live,"
            + " price, symbol, trading_day, volume, and day for trading_day",
        "price = 1.1234567 | at position 9: | price takes a number with at most 6 decimals",
        "volume = 'x' | at position 10: | volume takes a whole number, not a text",
        "volume = 1.5 | at position 10: | volume takes a whole number",
        "day = 'yesterday' | at position 7: | trading_day takes a date, '2026-01-05'",
        "day = 20180207 | at position 7: | trading_day takes a date",
        "hash = 'x' | at position 8: | hash takes only 'is null'",
        "symbol = price | at position 10: | expected a value of symbol, found the name price",
        "symbol = gold.colour | at position 10: | found the name gold.colour",
        "symbol = gold.symbols | at position 10: | has 2 values; write 'in' before it",
        "symbol = 'x | at position 10: | has no end",
        "symbol = \"x\" | at position 10: | texts stand in single quotes",
        "symbol = 'x'; drop table gold | at position 13: | ';' means nothing here",
        "symbol = 'x' -- all | at position 14: | expected 'and', 'or' or the end",
        "(symbol = 'x' | at position 14: | expected ')', found the end",
        "symbol like 'x%' | at position 8: | expected a comparison",
        "'x' = symbol | at position 1: | expected a column",
        "`` | at position 1: | expected a column",
      })
  void whatCannotBeUsedIsRefusedWithItsPlace(String expression, String where, String why) {
    assertThatThrownBy(() -> parse(expression))
        .isInstanceOf(RowFilterException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(why.trim());
  }

  @Test
  void manyConditionsAreNotDeepNesting() {
    assertThat(matches("volume=1 or ".repeat(1600) + "volume=7", FULL)).isTrue();
  }

  @Test
  void deepNestingIsRefusedNotOverflown() {
    assertThatThrownBy(() -> parse("(".repeat(5000) + "volume = 1"))
        .isInstanceOf(RowFilterException.class)
        .hasMessageContaining("nested deeper than 100");
  }

  @Test
  void anyTextIsParsedOrRefusedNeverAnythingElse() {
    String[] words = {
      "symbol",
      "volume",
      "day",
      "'x'",
      "1",
      "-",
      "+",
      "(",
      ")",
      ",",
      "=",
      "<=",
      "in",
      "not",
      "is",
      "null",
      "and",
      "or",
      "between",
      "gold.day",
      "gold.symbols",
      "days",
      "true",
      "$",
      "'",
      "1.5"
    };
    Random random = new Random(42);
    int parsed = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = random.nextInt(9); word >= 0; word--) {
        text.append(words[random.nextInt(words.length)]).append(' ');
      }
      try {
        parse(text.toString());
        parsed++;
      } catch (RowFilterException refused) {
        assertThat(refused).hasMessageContaining("at position");
      }
    }
    assertThat(parsed).isPositive();
  }

  private static boolean matches(String expression, Record row) {
    return !SnapshotRows.filter(List.of(row), SCHEMA, parse(expression)).isEmpty();
  }

  private static Expression parse(String expression) {
    return RowFilter.parse(
        expression,
        SCHEMA,
        Map.of("day", "trading_day"),
        name ->
            switch (name) {
              case "gold.day" -> List.of(LocalDate.of(2018, 2, 7));
              case "gold.symbols" -> List.of("A", "O'Neil");
              case "gold.nothing" -> List.of();
              default -> null;
            });
  }

  private static Record row(
      @Nullable String symbol,
      @Nullable LocalDate day,
      @Nullable String price,
      @Nullable Long volume,
      @Nullable String at,
      @Nullable Boolean live) {
    Record row = GenericRecord.create(SCHEMA);
    row.setField("symbol", symbol);
    row.setField("trading_day", day);
    row.setField("price", price == null ? null : new BigDecimal(price));
    row.setField("volume", volume);
    row.setField("at", at == null ? null : OffsetDateTime.parse(at));
    row.setField("live", live);
    return row;
  }
}
