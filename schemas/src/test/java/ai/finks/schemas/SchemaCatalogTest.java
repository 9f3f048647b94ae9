package ai.finks.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCatalogTest {

  @TempDir Path folder;
  private Path binding;

  @BeforeEach
  void copyShippedSchemas() throws IOException {
    Files.createDirectories(folder.resolve("avro"));
    Files.createDirectories(folder.resolve("sources"));
    Files.copy(Path.of("avro/bars.avsc"), folder.resolve("avro/bars.avsc"));
    binding = folder.resolve("sources/fmp.bars.yaml");
    Files.copy(Path.of("sources/fmp.bars.yaml"), binding);
  }

  @Test
  void goodFolderHasNoProblems() {
    assertThat(SchemaCatalog.check(folder)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "format: json             | fromat: json             | 4  | unknown key 'fromat' (did you mean 'format'?)",
        "format: json             | format: html             | 4  | 'html' is none of csv, json, xml",
        "partitions: 4            | partitions: 0            | 5  | whole number from 1",
        "retention: 7d            | retention: 7w            | 5  | hours or days",
        "raw-key: [/symbol]       | raw-key: [symbol]        | 6  | not a JSON pointer",
        "raw-key: [/symbol]       | raw-key: [/open]         | 6  | bound to none of the key fields",
        "raw-key: [/symbol]       | raw-key: [/date]         | 6  | may stand for one value in several ways",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, values: {A: B}} | 6 | may stand for one value in several ways",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, default: A} | 6 | may stand for one value in several ways",
        "raw-key: [/symbol]       | raw-key: [////////////////////////////////////////~] | 6 | not a JSON pointer",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nignore: [open]` | 7 | not a JSON pointer",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nignore: [/open]` | 7 | '/open' is bound and ignored",
        "symbol: {pointer         | symbl: {pointer          | 8  | unknown field 'symbl' (did you mean 'symbol'?)",
        "symbol: {pointer         | symbl: {pointer          | 7  | the field 'symbol' is required by the contract",
        "symbol: {pointer: /symbol} | symbol: {column: Name}  | 8  | a JSON payload has pointers",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, constant: X} | 8 | exactly one of",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, zone: Mars} | 8 | 'zone'",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, round: half-even} | 8 | does not suit the type string",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, pattern: '['} | 8 | not a regular expression",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, pattern: 'x'} | 8 | exactly one group",
        "symbol: {pointer: /symbol} | symbol: {pointer: /symbol, tirm: true} | 8 | did you mean 'trim'",
        "trading_day: {pointer: /date} | trading_day: {pointer: /date, format: QQQQQQQ} | 9 | not a date format",
        "trading_day: {pointer: /date} | trading_day: {pointer: /date, epoch: seconds} | 9 | needs a zone",
        "open: {pointer: /open}   | open: {constant: 1.0000001} | 10 | SCALE_EXCEEDED",
        "open: {pointer: /open}   | open: {pointer: /open, default: none} | 10 | the default 'none' is no decimal(18,6)",
        "open: {pointer: /open}   | open: {pointer: /open, null-tokens: [[]]} | 10 | must hold texts",
        "open: {pointer: /open}   | open: {pointer: /open       | 11 | not YAML",
        "open: {pointer: /open}   | open: {pointer: /open, numbr: currency} | 10 | did you mean 'number'",
        "open: {pointer: /open}   | open: {pointer: /open, number: money} | 10 | 'money' is none of currency, grouped, magnitude, percent",
        "open: {pointer: /open}   | open: {pointer: /open, decimal-mark: ;} | 10 | neither '.' nor ','",
        "open: {pointer: /open}   | open: {pointer: /open, divide-by: 3} | 10 | no finite decimal",
        "open: {pointer: /open}   | open: {pointer: /open, divide-by: 0} | 10 | not a positive whole number",
        "open: {pointer: /open}   | open: {pointer: /open, divide-by: 2, multiply-by: 2} | 10 | exclude each other",
        "open: {pointer: /open}   | open: {pointer: /open, currencies: [USD]} | 10 | needs 'number: currency'",
        "open: {pointer: /open}   | open: {pointer: /open, unlisted: keep} | 10 | needs 'values'",
        "open: {pointer: /open}   | open: {pointer: /open, zone: UTC} | 10 | 'zone' does not suit the type decimal",
        "open: {pointer: /open}   | `open:\n    pointer: /open\n    format: iso` | 12 | 'format' does not suit the type decimal",
        "open: {pointer: /open}   | open: {pointer: /open, gap: skip} | 10 | 'skip' is none of forward, refuse",
        "open: {pointer: /open}   | open: {element: /open} | 10 | needs an array that the binding explodes",
        "open: {pointer: /open}   | open: {combine: [/a]} | 10 | at least two parts",
        "open: {pointer: /open}   | open: {combine: /a} | 10 | must be a list of places",
        "open: {pointer: /open}   | open: {combine: [/a, b]} | 10 | not a JSON pointer",
        "open: {pointer: /open}   | open: {pointer: /open, with: x} | 10 | unknown key 'with'",
        "open: {pointer: /open}   | open: {constant: 1, trim: true} | 10 | a constant needs no trim",
        "open: {pointer: /open}   | open: {constant: null} | 10 | quote one that YAML takes for null",
        "open: {pointer: /open}   | open: {pointer: /open, values: {null: 1}} | 10 | a key must be plain text",
        "open: {pointer: /open}   | open: {pointer: /open, null-tokens: [null]} | 10 | must hold texts",
        "raw-key: [/symbol]       | `raw-key: [/symbol, /low/0]\nexplode: /low` | 6 | this leads into the exploded array",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nexplode: rows` | 7 | not a JSON pointer",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nexplode: {pointer: /x, option: true}` | 7 | did you mean 'optional'",
        "raw-key: [/symbol]       | `raw-key: [{element: /symbol}]\nexplode: /rows` | 6 | a record has one key",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nfilter: []` | 7 | at least one rule",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nfilter: [{pointer: /a}]` | 7 | exactly one of in, not-in",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nfilter: [{pointer: /a, in: [x], absent: true}]` | 7 | exactly one of in, not-in",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nfilter: [{pointer: /a, matches: '['}]` | 7 | not a regular expression",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\nfilter: [{pointer: /a, is: x}]` | 7 | unknown key 'is'",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\ndelimiter: ;` | 7 | only a CSV payload has a delimiter",
        "raw-key: [/symbol]       | `raw-key: [/symbol]\ntrim: yes` | 7 | must be true or false",
      })
  void problemNamesFileAndLine(String from, String to, int line, String message)
      throws IOException {
    String text = Files.readString(binding);
    assertThat(text).contains(from);
    Files.writeString(binding, text.replace(from, to));

    assertThat(SchemaCatalog.check(folder))
        .anySatisfy(
            problem -> {
              assertThat(problem.file()).isEqualTo(binding.toString());
              assertThat(problem.line()).isEqualTo(line);
              assertThat(problem.message()).contains(message);
            });
  }

  @Test
  void bindingWithoutContractAndFilesOfOtherNamesAreProblems() throws IOException {
    Files.delete(folder.resolve("avro/bars.avsc"));
    Files.writeString(folder.resolve("sources/notes.txt"), "x");
    Files.move(binding, binding.resolveSibling("other.yaml"));

    assertThat(SchemaCatalog.check(folder))
        .extracting(SchemaProblem::message)
        .containsExactlyInAnyOrder(
            "only .yaml files belong here",
            "the binding fmp.bars must be in a file fmp.bars.yaml",
            "there is no contract for 'bars'");
  }

  @Test
  void groupOfAPreviousValueMustLiveInOnePartition() throws IOException {
    Path contract = folder.resolve("avro/bars.avsc");
    String text = Files.readString(contract);
    String check = "\"close within 50x of previous close by %s\"";
    String volume = "\"volume >= 0\"";

    Files.writeString(contract, text.replace(volume, String.format(check, "symbol")));
    assertThat(SchemaCatalog.check(folder)).isEmpty();

    Files.writeString(contract, text.replace(volume, String.format(check, "currency")));
    assertThat(SchemaCatalog.check(folder))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.file()).isEqualTo(binding.toString());
              assertThat(problem.line()).isEqualTo(6);
              assertThat(problem.message())
                  .contains("/symbol", "volume-not-negative", "partitions");
            });
  }

  @Test
  void loadThrowsEveryProblem() throws IOException {
    Files.writeString(
        binding, Files.readString(binding).replace("/open", "open").replace("/low", ""));

    assertThatThrownBy(() -> SchemaCatalog.load(folder))
        .isInstanceOf(InvalidSchemasException.class)
        .hasMessageContaining("fmp.bars.yaml:10: ")
        .hasMessageContaining("fmp.bars.yaml:12: ");
  }
}
