package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.stack.Checkout;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FinksTest {
  @TempDir Path home;

  static Stream<CommandLine> commands() {
    return new CommandLine(new Finks())
        .getSubcommands().values().stream()
            .flatMap(
                command ->
                    command.getSubcommands().isEmpty()
                        ? Stream.of(command)
                        : command.getSubcommands().values().stream());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTakesTheCommonOptionsAndHasADescription(CommandLine command) {
    assertThat(command.getCommandSpec().optionsMap())
        .containsKeys("--help", "--json", "--home", "--quiet");
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
  }

  @Test
  void helpGoesToStdoutAndIsDone() {
    CommandRun run = CommandRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: finks").contains("up").contains("query");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "up --bogus",
        "up --accept-gap everything",
        "up --checkpoint-interval 1ms",
        "wait --timeout 5x",
        "gold",
        "query",
        "logs --lines x"
      })
  void wrongUsageIsCodeTwoAndSaysHowToGoOn(String line) {
    CommandRun run = CommandRun.of(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("finks: ").contains("--help");
  }

  @Test
  void aCommandThatNeedsAStackSaysHowToGetOne() {
    CommandRun run = CommandRun.of("wait", "--home", home.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("No stack is up").contains("./finks up --home " + home);
  }

  @Test
  void withJsonAFailureIsADocumentToo() throws Exception {
    CommandRun run = CommandRun.of("wait", "--json", "--home", home.toString());

    JsonNode document = new ObjectMapper().readTree(run.out());
    assertThat(document.path("exit_code").asInt()).isEqualTo(2);
    assertThat(document.path("error").asText()).contains("No stack is up");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--secret env:NO_SUCH_KEY                      | go with --live",
        "--base-url https://example.org                | go with --live",
        "--live --secret env:NO_SUCH_KEY --symbols A   | variable NO_SUCH_KEY is not set",
        "--live --secret file:no/such/file --symbols A | no/such/file cannot be read",
        "--live --secret verySecret --symbols A        | never the secret",
      })
  void askingTheRealServiceSaysWhatIsMissing(String options, String message) {
    CommandRun run = CommandRun.of(("ingest fmp.quotes --home " + home + " " + options).split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("verySecret");
  }

  @Test
  void triedRecordsNameTheirReasonsAsTheQuarantineDoes() throws Exception {
    Path fixture =
        Checkout.root().resolve("schemas/fixtures/mongodb.transactions/documents.ndjson");

    CommandRun run =
        CommandRun.of("contracts", "try", "mongodb.transactions", fixture.toString(), "--json");

    JsonNode results = new ObjectMapper().readTree(run.out()).path("results");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(results.findValuesAsText("code"))
        .contains("CHECK_FAILED", "TYPE_MISMATCH", "SCALE_EXCEEDED")
        .allMatch(code -> code.equals(code.toUpperCase(Locale.ROOT)));
  }

  @Test
  void reasonThatDoesNotExistIsWrongUsage() {
    CommandRun run =
        CommandRun.of("quarantine", "list", "--home", home.toString(), "--reason", "bogus");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("There is no reason bogus", "CHECK_FAILED");
  }

  @Test
  void runWithADamagedJournalIsShownAsSuch() throws Exception {
    Path journal = home.resolve("runs/r1/journal.jsonl");
    Files.createDirectories(journal.getParent());
    Files.writeString(journal, "not json\n");

    CommandRun run = CommandRun.of("status", "--home", home.toString());

    assertThat(run.out()).contains("run r1 cannot be read: " + journal + " is damaged");
  }

  @Test
  void stoppingWhatDoesNotRunIsDone() {
    CommandRun run = CommandRun.of("down", "--home", home.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("No stack runs");
  }

  @Test
  void theStatusOfAnUntouchedHomeIsKnown() throws Exception {
    CommandRun run = CommandRun.of("status", "--json", "--home", home.toString());

    JsonNode document = new ObjectMapper().readTree(run.out());
    assertThat(run.exitCode()).isZero();
    assertThat(document.path("state").asText()).isEqualTo("never started");
    assertThat(document.path("components")).isEmpty();
    assertThat(document.path("runs")).isEmpty();
  }
}
