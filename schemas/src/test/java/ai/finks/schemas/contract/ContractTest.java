package ai.finks.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.SchemaProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {

  private static final String TRADES =
      String.join(
          "\n",
          "{",
          "  \"type\": \"record\", \"name\": \"Trade\", \"namespace\": \"test\", \"doc\": \"Trades.\",",
          "  \"finks\": {",
          "    \"entity\": \"trades\", \"version\": 1,",
          "    \"key\": [\"id\"],",
          "    \"event-time\": \"at\",",
          "    \"zone\": \"UTC\",",
          "    \"period\": \"day\",",
          "    \"dedupe-window\": \"all\",",
          "    \"drift\": \"quarantine\",",
          "    \"checks\": [{\"name\": \"price-positive\", \"check\": \"price > 0\"}]",
          "  },",
          "  \"fields\": [",
          "    {\"name\": \"id\", \"finks.id\": 1, \"type\": \"string\", \"doc\": \"Id.\"},",
          "    {\"name\": \"at\", \"finks.id\": 2, \"doc\": \"When.\",",
          "      \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}},",
          "    {\"name\": \"price\", \"finks.id\": 3, \"doc\": \"Price.\", \"default\": null,",
          "      \"type\": [\"null\", {\"type\": \"bytes\", \"logicalType\": \"decimal\","
              + " \"precision\": 18, \"scale\": 6}]},",
          "    {\"name\": \"client\", \"finks.id\": 4, \"type\": \"string\", \"doc\": \"Who.\",",
          "      \"confluent:tags\": [\"PII\"], \"finks.pii\": \"tokenise\"}",
          "  ]",
          "}");

  @Test
  void contractSaysWhatItsFileSays() {
    Contract contract = Contract.parse("trades.avsc", TRADES);

    assertThat(contract.entity()).isEqualTo("trades");
    assertThat(contract.fields())
        .extracting(Field::toString)
        .containsExactly("id string", "at timestamp", "price decimal(18,6)?", "client string");
    assertThat(contract.key()).extracting(Field::name).containsExactly("id");
    assertThat(contract.eventTime().name()).isEqualTo("at");
    assertThat(contract.period()).isEqualTo(Period.DAY);
    assertThat(contract.drift()).isEqualTo(Drift.QUARANTINE);
    assertThat(contract.versionField()).isEmpty();
    assertThat(contract.checks()).extracting(Check::severity).containsExactly(Severity.REFUSE);
    assertThat(contract.field("client").orElseThrow().isPersonal()).isTrue();
    assertThat(new Schema.Parser().parse(contract.avroSchema()).getObjectProp("finks")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"version\": 1,      | \"vresion\": 1,       | 4 | unknown key 'vresion' (did you mean 'version'?)",
        "\"key\": [\"id\"]    | \"key\": [\"ip\"]     | 5 | unknown field 'ip' (did you mean 'id'?)",
        "\"key\": [\"id\"]    | \"key\": [\"price\"]  | 5 | must not be nullable",
        "\"key\": [\"id\"]    | \"key\": []           | 5 | at least one key field",
        "\"event-time\": \"at\"| \"event-time\": \"id\" | 6 | must be a date or a timestamp",
        "\"event-time\": \"at\"| \"event-time\": \"client\" | 6 | must not be masked",
        "\"zone\": \"UTC\"    | \"zone\": \"Mars\"    | 7 | 'zone'",
        "\"period\": \"day\"  | \"period\": \"hour\"  | 8 | 'hour' is none of day, month, year",
        "\"all\"              | \"P1M\"               | 9 | 'P1M' must be 'all' or an ISO length",
        "\"all\"              | \"PT1S\"              | 9 | at least a minute",
        "\"all\"              | \"P-1D\"              | 9 | at least a minute",
        "\"drift\"            | \"lateness\": \"P1M\", \"drift\"  | 10 | 'P1M' must be an ISO length",
        "\"drift\"            | \"lateness\": \"P-1D\", \"drift\" | 10 | must not be negative",
        "\"quarantine\"       | \"ignore\"            | 10 | is none of evolve, freeze, quarantine",
        "price > 0            | prise > 0             | 11 | unknown field 'prise' (did you mean 'price'?)",
        "price > 0            | price > 'x'           | 11 | types do not fit",
        "price > 0            | price >               | 11 | is expected at column",
        "\"check\": \"price > 0\" | \"chek\": \"price > 0\" | 11 | unknown key 'chek'",
        "price > 0            | price within 100x of previous prise by id | 11 | unknown field 'prise'",
        "price > 0            | price within 100 of previous price by id | 11 | 'x' is expected",
        "price > 0            | price within 1x of previous price by id | 11 | must be more than 1",
        "price > 0            | price within 9x of previous id by id | 11 | only be compared with the previous price",
        "price > 0            | price within 9x of previous price | 11 | 'by' is expected",
        "price > 0            | price within 9x of previous price by price | 11 | must not be nullable",
        "price > 0            | id within 9x of previous id by id | 11 | must be a number",
        "price > 0            | price within #x of previous price by id | 11 | has no meaning here",
        "\"finks.id\": 1      | \"finks.id\": 2       | 15 | the id 2 is used twice",
        "\"finks.id\": 1      | \"finks.id\": 1000    | 14 | from 1 to 999",
        "\"name\": \"id\"     | \"name\": \"year\"    | 14 | partition column",
        "\"type\": \"string\", \"doc\": \"Id.\" | \"type\": \"double\", \"doc\": \"Id.\" | 14 | none of string, boolean",
        "\"type\": \"string\", \"doc\": \"Id.\" | \"type\": \"string\" | 14 | 'doc' is missing",
        "timestamp-micros     | timestamp-millis      | 16 | timestamp-micros",
        "\"scale\": 6         | \"scale\": 20         | 18 | scale must be from 0 to its precision",
        "\"default\": null,   | \"order\": \"x\",     | 17 | default\": null",
        "[\"PII\"]            | [\"PIN\"]             | 20 | belong together",
        "\"name\": \"client\" | \"aliases\": [\"at\"], \"name\": \"client\" | 19 | another field's name",
        "\"name\": \"client\" | \"aliases\": [\"client\"], \"name\": \"client\" | 19 | not an earlier name",
        "\"tokenise\"         | \"hash\"              | 20 | is none of tokenise",
        "\"tokenise\"         | \"generalise(month)\" | 20 | for dates and numbers",
      })
  void problemNamesItsLine(String from, String to, int line, String message) {
    assertThat(TRADES).contains(from);

    assertThat(
            problems(
                TRADES.replaceFirst(
                    java.util.regex.Pattern.quote(from),
                    java.util.regex.Matcher.quoteReplacement(to))))
        .anySatisfy(
            problem -> {
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.message()).contains(message);
              assertThat(problem.file()).isEqualTo("trades.avsc");
            });
  }

  @ParameterizedTest
  @CsvSource({"P30D,2592000000000", "P2W,1209600000000", "PT1H,3600000000", "P1DT12H,129600000000"})
  void dedupeWindowIsALengthOfTime(String text, long micros) {
    assertThat(Contract.parse("t", TRADES.replace("\"all\"", '"' + text + '"')).dedupeWindow())
        .isEqualTo(DedupeWindow.parse(text))
        .extracting(DedupeWindow::micros)
        .isEqualTo(micros);
  }

  @Test
  void dedupeWindowMayBeEverything() {
    assertThat(Contract.parse("t", TRADES).dedupeWindow().isAll()).isTrue();
  }

  @Test
  void latenessIsALengthOfTimeOrHasNoLimit() {
    assertThat(Contract.parse("t", TRADES).lateness()).isEmpty();
    assertThat(
            Contract.parse("t", TRADES.replace("\"drift\"", "\"lateness\": \"P1W\", \"drift\""))
                .lateness())
        .contains(Duration.ofDays(7));
  }

  @Test
  void checkAgainstThePreviousValueNamesItsGroup() {
    Contract contract =
        Contract.parse(
            "t", TRADES.replace("price > 0", "price within 2.5x of previous price by id, client"));

    assertThat(contract.checks()).isEmpty();
    PreviousCheck check = contract.previousChecks().get(0);
    assertThat(check.value().name()).isEqualTo("price");
    assertThat(check.factor()).isEqualByComparingTo("2.5");
    assertThat(check.group()).extracting(Field::name).containsExactly("id", "client");
    assertThat(check.line()).isEqualTo(11);
    assertThat(check.severity()).isEqualTo(Severity.REFUSE);
  }

  @Test
  void brokenJsonNamesItsLine() {
    assertThat(problems(TRADES.replace("\"zone\": \"UTC\",", "\"zone\": UTC,")))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(7);
              assertThat(problem.message()).startsWith("not JSON");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "price > 0",
        "price, price >= 0.5",
        "0 < price <= 100",
        "price - price + 1 = 1",
        "price = -price",
        "id in ('a', 'b') or not id matches '[a-z]+'",
        "price in (1, 2.5)",
        "id, client is not null",
        "when id = 'it''s' then (price > 0 and client != 'x')",
        "at >= timestamp '2000-01-01T00:00:00Z'",
        "not not (id not in ('a'))",
      })
  void conditionParses(String condition) {
    assertThat(Contract.parse("t", TRADES.replace("price > 0", condition)).checks()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "price > 0 price < 1          | 'and' or 'or'",
        "price                        | a comparison",
        "price > id                   | types do not fit",
        "id in (1)                    | types do not fit",
        "id in (client)               | types do not fit",
        "id matches '['               | not a regular expression",
        "price matches 'x'            | types do not fit",
        "when price > 0               | 'then' is expected",
        "(price > 0                   | ')' is expected",
        "price > 1.2.3                | not a number",
        "at > date '2000-01-01'       | types do not fit",
        "at > timestamp '2000-01-01'  | not a timestamp",
        "id = 'open                   | not closed",
        "price ~ 1                    | has no meaning",
        "id + 1 = 2                   | types do not fit",
        "price + 1 is null            | needs a field",
        "price is full                | 'null' or 'blank' is expected",
        "price is blank               | types do not fit",
        "at <= _ingest_time + 5       | one of seconds, minutes, hours, days",
        "at <= _ingest_time + 5 weeks | one of seconds, minutes, hours, days",
        "at <= _ingest_time + price   | a time span like",
        "at <= _ingest_time + 1.2.3 days | not a number",
        "at <= _ingest_time + 0.0000001 seconds | is no time span",
        "at <= _ingest_time + 99999999999 days | is no time span",
        "at <= _ingest_day            | types do not fit",
        "date '2000-01-01' + 5 minutes <= _ingest_day | moved by days",
        "at <= _ingest_tme            | did you mean '_ingest_time'",
      })
  void conditionSaysWhatIsWrong(String condition, String message) {
    assertThat(problems(TRADES.replace("price > 0", condition)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(message));
  }

  @Test
  void deeplyNestedConditionIsAProblemAndNotACrash() {
    String nested = "(".repeat(5_000) + "price > 0" + ")".repeat(5_000);

    assertThatThrownBy(() -> Contract.parse("t", TRADES.replace("price > 0", nested)))
        .isInstanceOf(InvalidSchemasException.class)
        .hasMessageContaining("nested deeper");
  }

  @Test
  void shippedContractsHaveDocsOnEveryField() throws IOException {
    for (String entity : List.of("bars", "quotes", "transactions")) {
      String file = "avro/" + entity + ".avsc";
      Contract contract = Contract.parse(file, Files.readString(Path.of(file)));
      assertThat(contract.fields())
          .allSatisfy(field -> assertThat(field.doc()).hasSizeGreaterThan(5));
    }
  }

  private static List<SchemaProblem> problems(String text) {
    InvalidSchemasException thrown =
        catchThrowableOfType(
            InvalidSchemasException.class, () -> Contract.parse("trades.avsc", text));
    assertThat(thrown).isNotNull();
    return thrown.problems().stream().collect(Collectors.toList());
  }
}
