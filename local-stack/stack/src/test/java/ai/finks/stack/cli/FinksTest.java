package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
