package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractsInferTest {
  private static final String CSV =
      """
      Order ID,Trade Date,Executed At,Symbol,Side,Quantity,Price,Commission,Account Number,Note
      A-1,01/15/2026,2026-01-15 09:30:01,AAPL,BUY,100,187.25,1.00,007-1,
      A-2,01/15/2026,2026-01-15 09:31:40,"BRK.B",SELL,12,411.5,1.00,007-1,"partly, at the open"
      A-3,01/16/2026,2026-01-16 15:59:59,NAN,BUY,7.5,12.0625,0.35,007-2,
      """;
  private static final String JSON =
      """
      [{"tradeId": 91, "product": "BTC-USD", "price": "93012.45", "size": "0.00120000",
        "time": "2026-01-05T14:30:00.123456Z", "maker": true, "fees": {"amount": 0.11}, "tags": []},
       {"tradeId": 92, "product": "BTC-USD", "price": "93013.00", "size": "1.5",
        "time": "2026-01-05T14:30:01Z", "maker": false, "fees": {"amount": 4}, "tags": ["x"],
        "ts": 1767623401000}]
      """;

  @TempDir Path folder;
  private Path schemas;

  @BeforeEach
  void emptySchemas() throws IOException {
    schemas = folder.resolve("schemas");
    for (String part : new String[] {"avro", "sources", "fixtures"}) {
      Files.createDirectories(schemas.resolve(part));
    }
  }

  @Test
  void withoutConfirmationItShowsWhatItFoundAndProposesAndWritesNothing() throws IOException {
    CommandRun run = infer("fills.csv", CSV, "--binding", "desk.fills");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("order_id +Order ID +string +yes +yes")
        .containsPattern("trade_date +Trade Date +date +yes +no")
        .containsPattern("quantity +Quantity +decimal +yes +yes")
        .contains("--key order_id --event-time executed_at");
    assertThat(schemas.resolve("avro")).isEmptyDirectory();
  }

  @Test
  void confirmedDraftOfACsvPassesTheCheck() throws IOException {
    CommandRun run =
        infer(
            "fills.csv",
            CSV,
            "--binding",
            "desk.fills",
            "--key",
            "order_id",
            "--event-time",
            "executed_at");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("hidden as personal data: account_number");
    assertSound();
    Contract contract = SchemaCatalog.load(schemas).contract("fills").orElseThrow();
    assertThat(contract.fields())
        .extracting(Field::toString)
        .containsExactly(
            "order_id string",
            "trade_date date?",
            "executed_at timestamp",
            "symbol string?",
            "side string?",
            "quantity decimal(18,6)?",
            "price decimal(18,6)?",
            "commission decimal(18,6)?",
            "account_number string?",
            "note string?");
    assertThat(schemas.resolve("fixtures/desk.fills/sample.expected.ndjson"))
        .content()
        .contains("\"trade_date\":\"2026-01-16\"", "\"symbol\":\"NAN\"", "\"price\":\"12.062500\"")
        .doesNotContain("refused");
  }

  @Test
  void confirmedDraftOfAJsonArrayPassesTheCheck() throws IOException {
    CommandRun proposed = infer("trades.json", JSON, "--binding", "exchange.trades");
    assertThat(proposed.out()).contains("--key product,trade_id --event-time time");

    CommandRun run =
        infer(
            "trades.json",
            JSON,
            "--binding",
            "exchange.trades",
            "--key",
            "product,trade_id",
            "--event-time",
            "time");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertSound();
    assertThat(Files.readString(schemas.resolve("sources/exchange.trades.yaml")))
        .contains(
            "raw-key: [/product]",
            "ignore: [/tags]",
            "trade_id: {pointer: /tradeId}",
            "ts: {pointer: /ts, epoch: millis}",
            "fees_amount: {pointer: /fees/amount}");
  }

  @Test
  void whatCannotBeDraftedIsSaid() throws IOException {
    assertThat(
            infer(
                    "trades.json",
                    JSON,
                    "--binding",
                    "exchange.trades",
                    "--key",
                    "trade_id",
                    "--event-time",
                    "time")
                .err())
        .contains("the key needs a text field");
    assertThat(infer("trades.json", JSON, "--binding", "trades").err()).contains("SOURCE.ENTITY");
    assertThat(infer("page.csv", "<html></html>", "--binding", "a.b").err()).contains("HTML");
  }

  private void assertSound() {
    CommandRun check = CommandRun.of("contracts", "check", "--schemas", schemas.toString());
    assertThat(check.exitCode()).as(check.out()).isZero();
  }

  private CommandRun infer(String name, String text, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    String[] command = new String[options.length + 5];
    command[0] = "contracts";
    command[1] = "infer";
    command[2] = file.toString();
    command[3] = "--schemas";
    command[4] = schemas.toString();
    System.arraycopy(options, 0, command, 5, options.length);
    return CommandRun.of(command);
  }
}
