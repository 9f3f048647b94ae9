package ai.finks.schemas.value;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.payload.RecordReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueConverterTest {

  private static final String DECIMAL = decimal(18, 6);
  private static final String WIDE = decimal(38, 10);
  private static final String DATE = "{\"type\": \"int\", \"logicalType\": \"date\"}";
  private static final String TIMESTAMP =
      "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}";

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "1, 1",
    "1.5, 1.5",
    "-45.070000, -45.07",
    "1.50000000, 1.5",
    "1e2, 100",
    "1.25E-2, 0.0125",
    "0e999999999, 0",
    "999999999999.999999, 999999999999.999999",
    "'\"190.53\"', 190.53",
    "'\"+1\"', 1",
    "'\"0001.5\"', 1.5",
    "4629879000000.0, OUT_OF_RANGE",
    "1000000000000, OUT_OF_RANGE",
    "0.0000001, SCALE_EXCEEDED",
    "1e-999999999, SCALE_EXCEEDED",
    "1e999999999, OUT_OF_RANGE",
    "1e9999999999999, OUT_OF_RANGE",
    "true, TYPE_MISMATCH",
    "'\"\"', TYPE_MISMATCH",
    "'\".500000000\"', 0.5",
    "'\".\"', TYPE_MISMATCH",
    "'\".5\"', 0.5",
    "'\"5.\"', TYPE_MISMATCH",
    "'\"1,5\"', TYPE_MISMATCH",
    "'\"1 \"', TYPE_MISMATCH",
    "'\"NaN\"', TYPE_MISMATCH",
    "'\"--1\"', TYPE_MISMATCH",
    "'\"1e\"', TYPE_MISMATCH",
    "'\"0x10\"', TYPE_MISMATCH",
    "'\"١\"', TYPE_MISMATCH",
    "[1], TYPE_MISMATCH",
    "{}, TYPE_MISMATCH",
    "null, null"
  })
  void decimal(String json, String expected) {
    assertThat(convert(DECIMAL, "", json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0000005, 0",
    "0.0000015, 0.000002",
    "-1.0000025, -1.000002",
    "1e-999999999, 0",
    "999999999999.9999995, OUT_OF_RANGE"
  })
  void decimalIsRoundedWhereTheBindingSaysSo(String json, String expected) {
    assertThat(convert(DECIMAL, "round: half-even", json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "12345678901234567890.12, 12345678901234567890.12",
    "-1, -1",
    "1e28, OUT_OF_RANGE",
    "9999999999999999999999999999.9999999999, 9999999999999999999999999999.9999999999",
    "0.00000000001, SCALE_EXCEEDED"
  })
  void wideDecimal(String json, String expected) {
    assertThat(convert(WIDE, "", json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "9223372036854775808, OUT_OF_RANGE",
    "44489128.0, 44489128",
    "1.5, SCALE_EXCEEDED",
    "1e3, 1000",
    "'\"12\"', 12",
    "false, TYPE_MISMATCH"
  })
  void longNumber(String json, String expected) {
    assertThat(convert("\"long\"", "", json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "number: currency | $1,234.50 | 1234.5",
        "number: currency | (12.3) | -12.3",
        "number: currency | ($1,234.50) | -1234.5",
        "number: currency | -$12.30 | -12.3",
        "number: currency | $-12.30 | -12.3",
        "number: currency | 12.30- | -12.3",
        "number: currency | \u221212.30 | -12.3",
        "number: currency | +$12.30 | 12.3",
        "number: currency | €12 | 12",
        "number: currency | 12.30\u00a0€ | 12.3",
        "number: currency | 1,234.50 USD | 1234.5",
        "number: currency | USD1,234.50 | 1234.5",
        "number: currency | HK$ 12 | 12",
        "number: currency | CHF 1'234'567.50 | 1234567.5",
        "number: currency | 1\u202f234.50 | 1234.5",
        "number: currency | 12 | 12",
        "number: currency | 1.5e3 | 1500",
        "number: currency | 12¢ | TYPE_MISMATCH",
        "number: currency | 12 usd | TYPE_MISMATCH",
        "number: currency | $12 USD | TYPE_MISMATCH",
        "number: currency | USD | TYPE_MISMATCH",
        "number: currency | $ | TYPE_MISMATCH",
        "number: currency | () | TYPE_MISMATCH",
        "number: currency | (-12) | TYPE_MISMATCH",
        "number: currency | --12 | TYPE_MISMATCH",
        "number: currency | -12- | TYPE_MISMATCH",
        "number: currency | 1,23 | TYPE_MISMATCH",
        "number: currency | 1,2345 | TYPE_MISMATCH",
        "number: currency | 12,34,567 | TYPE_MISMATCH",
        "number: currency | 1234,567 | TYPE_MISMATCH",
        "number: currency | 0,123 | TYPE_MISMATCH",
        "number: currency | 1,234'567 | TYPE_MISMATCH",
        "number: currency | ,123 | TYPE_MISMATCH",
        "number: currency | 1,234. | TYPE_MISMATCH",
        "number: currency | 1.234.567 | TYPE_MISMATCH",
        "number: currency | 1,234.5,6 | TYPE_MISMATCH",
        "number: currency | NaN | TYPE_MISMATCH",
        "number: currency | 0.0000001 | SCALE_EXCEEDED",
        "number: currency, currencies: [$, kr] | 12 kr | 12",
        "number: currency, currencies: [$, kr] | €12 | UNKNOWN_VALUE",
        "number: currency, currencies: [USD] | 12 EUR | UNKNOWN_VALUE",
        "number: currency, decimal-mark: ',' | 1.234,56 € | 1234.56",
        "decimal-mark: ',' | 1.234,56 | 1234.56",
        "decimal-mark: ',' | -1.234.567 | -1234567",
        "decimal-mark: ',' | 1 234,5 | 1234.5",
        "decimal-mark: ',' | 0,5 | 0.5",
        "decimal-mark: ',' | 1,5e-1 | 0.15",
        "decimal-mark: ',' | 1.5 | TYPE_MISMATCH",
        "decimal-mark: ',' | 1,234.5 | TYPE_MISMATCH",
        "number: grouped | 1,234 | 1234",
        "number: grouped | $1 | TYPE_MISMATCH",
        "number: percent | 1.5% | 1.5",
        "number: percent | -1.5 % | -1.5",
        "number: percent | 1.5 | 1.5",
        "number: percent | 1.5%% | TYPE_MISMATCH",
        "number: percent | 1,234% | TYPE_MISMATCH",
        "number: percent, divide-by: 100 | 1.5% | 0.015",
        "number: magnitude | 70.5B | 70500000000",
        "number: magnitude | 12K | 12000",
        "number: magnitude | 3.2m | 3200000",
        "number: magnitude | 1.5 bn | 1500000000",
        "number: magnitude | 2mn | 2000000",
        "number: magnitude | -0.5T | -500000000000",
        "number: magnitude | 1T | OUT_OF_RANGE",
        "number: magnitude | 0.0000001K | 0.0001",
        "number: magnitude | 12 | 12",
        "number: magnitude | 12KK | TYPE_MISMATCH",
        "number: magnitude | 12X | TYPE_MISMATCH",
        "number: magnitude | K | TYPE_MISMATCH",
        "'number: [currency, magnitude]' | $70.5K | 70500",
        "'number: [currency, magnitude]' | 70.5M USD | 70500000",
        "'number: [currency, magnitude, percent]' | | TYPE_MISMATCH",
        "divide-by: 10000 | 2328000 | 232.8",
        "divide-by: 10000 | 1 | 0.0001",
        "divide-by: 10000000 | 1 | SCALE_EXCEEDED",
        "divide-by: 32 | 17 | 0.53125",
        "multiply-by: 1000 | 1.5 | 1500",
        "multiply-by: 1000 | 1e99999 | OUT_OF_RANGE",
        "multiply-by: 1000 | 1e-2147483640 | SCALE_EXCEEDED",
        "multiply-by: 1000 | 0e-2147483640 | 0",
        "multiply-by: 1000 | 1e999999999999 | OUT_OF_RANGE",
      })
  void numberAsPeopleWriteIt(String options, String text, String expected) {
    String json = text == null ? "" : text.replace("\\", "\\\\");
    assertThat(convert(DECIMAL, options.replace("'number: [", "number: ["), "\"" + json + "\""))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "divide-by: 10000, 2328000, 232.8",
    "multiply-by: 1000, 1.5, 1500",
    "'number: percent, divide-by: 100', 1.5, 0.015",
    "divide-by: 10000, true, TYPE_MISMATCH",
    "'divide-by: 10000, default: 1.5', null, 1.5",
    "'divide-by: 10, values: {a: 7}', '\"a\"', 7",
    "'divide-by: 10, values: {a: 7}, unlisted: keep', '\"70\"', 7",
    "'values: {a: 7}, unlisted: absent', '\"70\"', null",
    "'values: {a: 7}, unlisted: absent, default: 1', '\"70\"', 1"
  })
  void scaledNumberAndWhatTheBindingWritesItself(String options, String json, String expected) {
    assertThat(convert(DECIMAL, options, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"2147483647, 2147483647", "2147483648, OUT_OF_RANGE", "-2147483649, OUT_OF_RANGE"})
  void intNumber(String json, String expected) {
    assertThat(convert("\"int\"", "", json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"AAPL\"', AAPL",
    "'\"NAN\"', NAN",
    "'\"TRUE\"', TRUE",
    "'\"NA\"', NA",
    "'\"\"', ''",
    "'\" a \"', ' a '",
    "5, TYPE_MISMATCH",
    "true, TYPE_MISMATCH",
    "'\"\\ud800\"', TYPE_MISMATCH",
    "'\"\\ud83d\\ude00\"', 😀",
    "'\"é\"', é",
    "null, null"
  })
  void text(String json, String expected) {
    assertThat(convert("\"string\"", "", json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "trim: true, '\" a \"', a",
    "'trim: true, null-tokens: [\"\"]', '\"  \"', null",
    "'null-tokens: [N/A, \"-\"]', '\"-\"', null",
    "'null-tokens: [N/A], default: x', '\"N/A\"', x",
    "default: x, null, x",
    "'values: {B: buy, S: sell}', '\"S\"', sell",
    "'values: {B: buy, S: sell}', '\"s\"', UNKNOWN_VALUE",
    "'pattern: \"^([A-Z]+)-\"', '\"ABC-1\"', ABC",
    "'pattern: \"^([A-Z]+)-\"', '\"abc\"', null"
  })
  void textByTheBinding(String options, String json, String expected) {
    assertThat(convert("\"string\"", options, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', true, 1",
    "'', false, 0",
    "'', '\"true\"', 1",
    "'', '\"TRUE\"', TYPE_MISMATCH",
    "'', 1, TYPE_MISMATCH",
    "'true-tokens: [Y, 1], false-tokens: [N, 0]', '\"Y\"', 1",
    "'true-tokens: [Y, 1], false-tokens: [N, 0]', 0, 0",
    "'true-tokens: [Y, 1], false-tokens: [N, 0]', '\"true\"', TYPE_MISMATCH"
  })
  void trueAndFalse(String options, String json, String expected) {
    assertThat(convert("\"boolean\"", options, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2024-02-29, 2024-02-29",
    "'', 2023-02-29, UNPARSEABLE_DATE",
    "'', 1900-02-29, UNPARSEABLE_DATE",
    "'', 2000-02-29, 2000-02-29",
    "'', 0001-01-01, 0001-01-01",
    "'', 0000-01-01, OUT_OF_RANGE",
    "'', 2024-13-01, UNPARSEABLE_DATE",
    "'', 2024-2-1, UNPARSEABLE_DATE",
    "'', 2024-02-01T00:00:00Z, UNPARSEABLE_DATE",
    "'', '', UNPARSEABLE_DATE",
    "'format: [MM/dd/yyyy, iso]', 02/29/2024, 2024-02-29",
    "'format: [MM/dd/yyyy, iso]', 2024-02-29, 2024-02-29",
    "'format: MM/dd/yyyy', 02/30/2024, UNPARSEABLE_DATE",
    "'format: d-MMM-yy', 5-jan-24, 2024-01-05",
    "'format: yyyyMMdd', 20240105, 2024-01-05",
    "'format: yyyy-MM-dd HH:mm VV', 2024-01-05 20:00 America/New_York, 2024-01-05",
    "'format: yyyy-MM-dd HH:mm VV, zone: UTC', 2024-01-05 20:00 America/New_York, 2024-01-06",
    "'format: yyyy-MM-dd HH:mmXXX', 2024-01-05 20:00-05:00, 2024-01-05"
  })
  void date(String options, String text, String expected) {
    assertThat(convert(DATE, options, "\"" + text + "\"")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2025-12-28T18:32:43+02:00, 2025-12-28T16:32:43Z",
    "'', 2025-12-28 18:32+0200, 2025-12-28T16:32:00Z",
    "'', 2025-12-28T18:32:43.123456-05, 2025-12-28T23:32:43.123456Z",
    "'', 2025-12-28T18:32:43.123456000Z, 2025-12-28T18:32:43.123456Z",
    "'', 2025-12-28T18:32:43.123456789Z, SCALE_EXCEEDED",
    "'round: down', 2025-12-28T18:32:43.123456789Z, 2025-12-28T18:32:43.123456Z",
    "'', 2025-12-28T18:32:43, UNPARSEABLE_DATE",
    "'', 2025-12-28, UNPARSEABLE_DATE",
    "'', 2025-12-28T24:00:00Z, UNPARSEABLE_DATE",
    "'', 2025-12-28T18:32:43Zx, UNPARSEABLE_DATE",
    "'zone: America/New_York', 2025-07-01T09:30:00, 2025-07-01T13:30:00Z",
    "'zone: America/New_York', 2025-03-09T02:30:00, LOCAL_TIME_INVALID",
    "'zone: America/New_York, gap: forward', 2025-03-09T02:30:00, 2025-03-09T07:30:00Z",
    "'zone: America/New_York, overlap: later', 2025-11-02T01:30:00, 2025-11-02T06:30:00Z",
    "'zone: America/New_York, overlap: refuse', 2025-11-02T01:30:00, LOCAL_TIME_INVALID",
    "'zone: America/New_York, overlap: refuse', 2025-11-02T01:30:00-05:00, 2025-11-02T06:30:00Z",
    "'zone: America/New_York, format: [yyyy-MM-dd HH:mm, iso]', 2025-03-09 02:30, LOCAL_TIME_INVALID",
    "'zone: America/New_York', 2025-11-02T01:30:00, 2025-11-02T05:30:00Z",
    "'zone: UTC, format: yyyy-MM-dd HH:mm', 2025-07-01 09:30, 2025-07-01T09:30:00Z",
    "'format: \"yyyy-MM-dd HH:mm Z\"', 2025-07-01 09:30 +0200, 2025-07-01T07:30:00Z",
    "'format: \"EEE, dd MMM yyyy HH:mm:ss VV\"', 'Tue, 01 Jul 2025 09:30:00 Europe/Berlin', 2025-07-01T07:30:00Z",
    "'format: yyyy-MM-dd HH:mm VV', 2025-03-09 02:30 America/New_York, LOCAL_TIME_INVALID",
    "'format: yyyy-MM-dd HH:mm VV', 2025-11-02 01:30 America/New_York, 2025-11-02T05:30:00Z",
    "'format: \"yyyy-MM-dd HH:mmXXX''[''VV'']''\"', 2025-11-02 01:30-05:00[America/New_York], 2025-11-02T06:30:00Z",
    "'zone: UTC, format: dd.MM.yyyy', 01.07.2025, 2025-07-01T00:00:00Z"
  })
  void instant(String options, String text, String expected) {
    assertThat(convert(TIMESTAMP, options, "\"" + text + "\"")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "epoch: seconds, 1738702801, 2025-02-04T21:00:01Z",
    "epoch: millis, 1738702801123, 2025-02-04T21:00:01.123Z",
    "epoch: micros, '\"1738702801123456\"', 2025-02-04T21:00:01.123456Z",
    "epoch: seconds, -1, 1969-12-31T23:59:59Z",
    "epoch: millis, -1, 1969-12-31T23:59:59.999Z",
    "epoch: seconds, 1738702801.5, 2025-02-04T21:00:01.500Z",
    "epoch: seconds, 1.738702801e9, 2025-02-04T21:00:01Z",
    "epoch: micros, 1738702801123456.7, SCALE_EXCEEDED",
    "epoch: seconds, 1738702801123, OUT_OF_RANGE",
    "epoch: seconds, 1e99999999, OUT_OF_RANGE",
    "epoch: seconds, 1e-99999999, SCALE_EXCEEDED",
    "epoch: seconds, '\"soon\"', TYPE_MISMATCH",
    "epoch: seconds, '\"-\"', TYPE_MISMATCH",
    "epoch: seconds, true, TYPE_MISMATCH"
  })
  void instantOfAnEpoch(String options, String json, String expected) {
    assertThat(convert(TIMESTAMP, options, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"America/New_York, 2025-02-03", "UTC, 2025-02-04"})
  void dateOfAnEpochLiesInItsZone(String zone, String expected) {
    // 2025-02-04T02:00:00Z
    assertThat(convert(DATE, "epoch: seconds, zone: " + zone, "1738634400")).isEqualTo(expected);
  }

  @Property(tries = 1_000)
  void everyDecimalThatFitsIsReadExactly(
      @ForAll @LongRange(min = -999_999_999_999_999_999L, max = 999_999_999_999_999_999L)
          long unscaled,
      @ForAll boolean scientific) {
    BigDecimal value = BigDecimal.valueOf(unscaled, 6);
    String text = scientific ? value.stripTrailingZeros().toString() : value.toPlainString();

    assertThat(new BigDecimal(convert(DECIMAL, "", text))).isEqualByComparingTo(value);
  }

  @Property(tries = 1_000)
  void everyInstantIsReadAsJavaReadsIt(
      @ForAll @LongRange(min = -62_000_000_000L, max = 253_000_000_000L) long second,
      @ForAll @IntRange(max = 999_999) int micros,
      @ForAll @IntRange(min = -1_080, max = 1_080) int offsetMinutes) {
    Instant instant = Instant.ofEpochSecond(second, micros * 1_000L);
    String text = instant.atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60)).toString();

    assertThat(convert(TIMESTAMP, "", "\"" + text + "\"")).isEqualTo(instant.toString());
  }

  @Property(tries = 500)
  void everyAmountIsReadAsJavaWritesIt(
      @ForAll @LongRange(min = -999_999_999_999_999L, max = 999_999_999_999_999L) long cents,
      @ForAll boolean german) {
    BigDecimal amount = BigDecimal.valueOf(cents, 2);
    String text =
        String.format(german ? java.util.Locale.GERMANY : java.util.Locale.US, "%,.2f", amount);
    String options = "number: currency, decimal-mark: '" + (german ? ',' : '.') + "'";

    assertThat(new BigDecimal(convert(WIDE, options, "\"" + text + " EUR\"")))
        .isEqualByComparingTo(amount);
  }

  @Property(tries = 500)
  void everyLocalTimeIsReadAsJavaReadsItUnlessItsZoneSkipsIt(
      @ForAll @LongRange(min = 0, max = 2_000_000_000L) long second) {
    ZoneId zone = ZoneId.of("Europe/Berlin");
    LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    String text = local.truncatedTo(ChronoUnit.SECONDS).toString();
    boolean skipped = zone.getRules().getValidOffsets(local).isEmpty();
    String expected = skipped ? "LOCAL_TIME_INVALID" : local.atZone(zone).toInstant().toString();

    assertThat(convert(TIMESTAMP, "zone: Europe/Berlin", "\"" + text + "\"")).isEqualTo(expected);
  }

  @Property(tries = 3_000)
  void noTextMakesAnyConverterThrow(@ForAll String text) {
    String json =
        new String(
            com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance().quoteAsString(text));
    for (String type : List.of(DECIMAL, WIDE, DATE, TIMESTAMP, "\"boolean\"", "\"string\"")) {
      convert(type, "", "\"" + json + "\"");
    }
    convert(TIMESTAMP, "epoch: millis", "\"" + json + "\"");
    convert(DATE, "format: [MM/dd/yyyy, d-MMM-yy]", "\"" + json + "\"");
    for (String mark : List.of(".", ",")) {
      String options = "number: [currency, percent, magnitude], decimal-mark: '" + mark + "'";
      convert(DECIMAL, options, "\"" + json + "\"");
      convert(WIDE, options + ", divide-by: 8", "\"$" + json + "%\"");
    }
  }

  private static String decimal(int precision, int scale) {
    return String.format(
        "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": %d, \"scale\": %d}",
        precision, scale);
  }

  /** The converted value as text, {@code null}, or the flaw. */
  private static String convert(String type, String options, String json) {
    Field field = contract(type).field("value").orElseThrow();
    Binding binding =
        Binding.parse(
            "b",
            "source: s\nentity: e\nformat: json\nraw-key: /v\nfields:\n  value: {pointer: /v"
                + (options.isEmpty() ? "" : ", " + options)
                + "}\n");
    RecordReader reader =
        RecordReader.of(binding.format(), List.of(binding.fields().get(0).locator()), List.of());
    byte[] payload = ("{\"v\":" + json + "}").getBytes(StandardCharsets.UTF_8);
    if (reader.read(payload, Map.of()) != null) {
      throw new IllegalArgumentException("not JSON: " + json);
    }
    Cell cell = new Cell();
    Flaw flaw = ValueConverter.of(field, binding.fields().get(0)).convert(reader.slots(), 0, cell);
    return flaw != null ? flaw.name() : cell.isNull() ? "null" : render(field.type(), cell);
  }

  private static String render(FieldType type, Cell cell) {
    switch (type.kind()) {
      case STRING:
        return String.valueOf(cell.text());
      case DATE:
        return LocalDate.ofEpochDay(cell.number()).toString();
      case TIMESTAMP:
        return Instant.EPOCH.plus(cell.number(), ChronoUnit.MICROS).toString();
      case DECIMAL:
        BigDecimal value =
            type.isWide() ? cell.wide() : BigDecimal.valueOf(cell.number(), type.scale());
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
      default:
        return Long.toString(cell.number());
    }
  }

  private static final Map<String, Contract> CONTRACTS =
      new java.util.concurrent.ConcurrentHashMap<>();

  private static Contract contract(String type) {
    return CONTRACTS.computeIfAbsent(
        type,
        any ->
            Contract.parse(
                "c",
                "{\"type\": \"record\", \"name\": \"E\", \"doc\": \"E.\", \"finks\": {\"entity\":"
                    + " \"e\", \"version\": 1, \"key\": [\"at\"], \"event-time\": \"at\", \"zone\":"
                    + " \"UTC\", \"period\": \"day\", \"dedupe-window\": \"all\", \"drift\":"
                    + " \"evolve\", \"checks\": []}, \"fields\": [{\"name\": \"at\", \"finks.id\": 1,"
                    + " \"doc\": \"At.\", \"type\": "
                    + DATE
                    + "}, {\"name\": \"value\", \"finks.id\":"
                    + " 2, \"doc\": \"Value.\", \"default\": null, \"type\": [\"null\", "
                    + type
                    + "]}]}"));
  }
}
