package ai.finks.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.SchemaProblem;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityTest {

  private static final String TRADES =
      String.join(
          "\n",
          "{",
          "  \"type\": \"record\", \"name\": \"Trade\", \"doc\": \"Trades.\",",
          "  \"finks\": {",
          "    \"entity\": \"trades\", \"version\": 2,",
          "    \"key\": [\"id\"],",
          "    \"event-time\": \"at\",",
          "    \"zone\": \"UTC\",",
          "    \"period\": \"day\",",
          "    \"dedupe-window\": \"all\",",
          "    \"drift\": \"evolve\",",
          "    \"checks\": [{\"name\": \"some\", \"check\": \"size > 0\"}]",
          "  },",
          "  \"fields\": [",
          "    {\"name\": \"id\", \"finks.id\": 1, \"type\": \"string\", \"doc\": \"Id.\"},",
          "    {\"name\": \"at\", \"finks.id\": 2, \"doc\": \"When.\",",
          "      \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}},",
          "    {\"name\": \"size\", \"finks.id\": 3, \"type\": \"int\", \"doc\": \"Size.\"},",
          "    {\"name\": \"price\", \"finks.id\": 4, \"doc\": \"Price.\", \"default\": null,",
          "      \"type\": [\"null\", {\"type\": \"bytes\", \"logicalType\": \"decimal\","
              + " \"precision\": 12, \"scale\": 4}]},",
          "    {\"name\": \"client\", \"finks.id\": 5, \"type\": \"string\", \"doc\": \"Who.\",",
          "      \"confluent:tags\": [\"PII\"], \"finks.pii\": \"tokenise\"}",
          "  ]",
          "}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"type\": \"int\", \"doc\": \"Size | \"type\": \"long\", \"doc\": \"Size",
        "\"precision\": 12 | \"precision\": 30",
        "\"name\": \"price\" | \"name\": \"last_price\", \"aliases\": [\"price\"]",
        "\"type\": \"string\", \"doc\": \"Who | \"default\": null, \"type\": [\"null\", \"string\"], \"doc\": \"Who",
        "{\"name\": \"id\" | {\"name\": \"note\", \"finks.id\": 9, \"doc\": \"N.\", \"default\": null, \"type\": [\"null\", \"string\"]}, {\"name\": \"id\"",
        "size > 0 | size >= 0",
        "\"evolve\" | \"quarantine\"",
      })
  void changeThatOldRowsCanBeReadWithMayFollowUnderAHigherVersion(String from, String to) {
    assertThat(TRADES).contains(from);

    assertThat(follow(TRADES.replace(from, to).replace("\"version\": 2", "\"version\": 3")))
        .isEmpty();
    assertThat(follow(TRADES.replace(from, to)))
        .singleElement()
        .asString()
        .startsWith("trades.avsc:4: ")
        .contains("its version must be 3 or higher, not 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"key\": [\"id\"] | \"key\": [\"id\", \"at\"] | 5 | 'key' must stay",
        "\"zone\": \"UTC\" | \"zone\": \"Europe/Zurich\" | 7 | 'zone' must stay",
        "\"period\": \"day\" | \"period\": \"month\" | 8 | 'period' must stay",
        "\"zone\": | \"version-field\": \"at\", \"zone\": | 7 | 'version-field' must stay",
        "\"type\": \"int\", \"doc\": \"Size | \"type\": \"string\", \"doc\": \"Size | 17 | the field 'size' was int and cannot become string",
        "\"precision\": 12 | \"precision\": 8 | 18 | was decimal(12,4) and cannot become decimal(8,4)",
        "\"scale\": 4 | \"scale\": 6 | 18 | cannot become decimal(12,6)",
        "\"name\": \"price\" | \"name\": \"last_price\" | 18 | a renamed field needs \"aliases\": [\"price\"]",
        "\"finks.id\": 4 | \"finks.id\": 8 | 18 | had the id 4, which must never change",
        "\"tokenise\" | \"drop\" | 20 | the masking of 'client' must stay",
        "{\"name\": \"id\" | {\"name\": \"note\", \"finks.id\": 9, \"doc\": \"N.\", \"type\": \"string\"}, {\"name\": \"id\" | 14 | the new field 'note' is required",
      })
  void changeThatBreaksRowsOrReadersIsRefusedWithFieldFileAndLine(
      String from, String to, int line, String message) {
    String changed = TRADES.replace("size > 0", "at is not null");
    assertThat(changed).contains(from);

    List<SchemaProblem> problems =
        follow(changed.replace(from, to).replace("\"version\": 2", "\"version\": 3"));

    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.file()).isEqualTo("trades.avsc");
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.message()).contains(message);
            });
  }

  @Test
  void fieldThatIsGoneIsRefused() {
    String price = TRADES.substring(TRADES.indexOf("    {\"name\": \"price"));
    String gone = TRADES.replace(price.substring(0, price.indexOf("    {\"name\": \"client")), "");

    assertThat(follow(gone.replace("\"version\": 2", "\"version\": 3")))
        .singleElement()
        .asString()
        .startsWith("trades.avsc:13: the field 'price' (id 4) is gone");
  }

  @Test
  void frozenContractTakesNoOtherFieldsButMayBeThawed() {
    String frozen = TRADES.replace("\"evolve\"", "\"freeze\"");
    String wider =
        frozen.replace("\"precision\": 12", "\"precision\": 16").replace("n\": 2", "n\": 3");

    assertThat(follow(frozen, wider))
        .singleElement()
        .asString()
        .startsWith("trades.avsc:10: version 2 is frozen");
    assertThat(follow(frozen, TRADES.replace("n\": 2", "n\": 3"))).isEmpty();
  }

  @Test
  void documentationMayChangeAtAnyTime() {
    assertThat(follow(TRADES.replace("When.", "When it was done."))).isEmpty();
  }

  private static List<SchemaProblem> follow(String after) {
    return follow(TRADES, after);
  }

  private static List<SchemaProblem> follow(String before, String after) {
    return Compatibility.check(
            Contract.parse("trades.avsc", before), Contract.parse("trades.avsc", after))
        .stream()
        .collect(Collectors.toList());
  }
}
