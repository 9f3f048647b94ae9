package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.SchemaProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingFixturesTest {

  private static final Path SCHEMAS = Path.of("../schemas");
  private static final SchemaCatalog CATALOG = SchemaCatalog.load(SCHEMAS);

  @TempDir Path folder;

  @Test
  void shippedBindingsHaveFixturesThatBecomeWhatTheySay() {
    assertThat(new BindingFixtures(SCHEMAS, CATALOG).check()).isEmpty();
    assertThat(new BindingFixtures(SCHEMAS, CATALOG).cases("files.bars")).hasSize(1);
  }

  @Test
  void otherOutcomeMissingOutcomeAndMissingFixtureAreNamedWithFileAndLine() throws IOException {
    Path own = Files.createDirectories(folder.resolve("fixtures/files.bars"));
    Path shipped = SCHEMAS.resolve("fixtures/files.bars");
    Files.copy(shipped.resolve("sp500.csv"), own.resolve("sp500.csv"));
    Files.copy(shipped.resolve("sp500.csv"), own.resolve("other.csv"));
    List<String> expected = Files.readAllLines(shipped.resolve("sp500.expected.ndjson"));
    expected.set(1, expected.get(1).replace("NAN", "NONE"));
    Files.write(own.resolve("sp500.expected.ndjson"), expected);

    List<String> problems =
        new BindingFixtures(folder, CATALOG)
            .check().stream().map(SchemaProblem::toString).collect(Collectors.toList());

    assertThat(problems)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith(own.resolve("sp500.expected.ndjson") + ":2: ")
                    .contains("\"NAN\"", "\"NONE\""))
        .anySatisfy(
            problem -> assertThat(problem).contains("other.csv:1: ", "contracts try files.bars"))
        .anySatisfy(problem -> assertThat(problem).contains("fmp.bars.yaml:1: ", "no fixture"))
        .hasSize(1 + CATALOG.bindings().size());
  }
}
