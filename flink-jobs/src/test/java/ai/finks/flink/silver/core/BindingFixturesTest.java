package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.SchemaCatalog;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the fixtures that lie beside the bindings. */
class BindingFixturesTest {

  private static final Path SCHEMAS = Path.of("../schemas");
  private static final SchemaCatalog CATALOG = SchemaCatalog.load(SCHEMAS);
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Path> cases() throws IOException {
    try (Stream<Path> files = Files.walk(SCHEMAS.resolve("fixtures"))) {
      return files
          .filter(file -> file.toString().matches(".*\\.(csv|ndjson)"))
          .filter(file -> !file.toString().endsWith(".expected.ndjson"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fixtureBecomesTheExpectedRowsAndRefusals(Path file) throws IOException {
    String binding = file.getParent().getFileName().toString();
    String stem = file.toString().replaceAll("\\.(csv|ndjson)$", "");

    List<String> actual = outcomes(binding, file);

    assertThat(actual)
        .containsExactlyElementsOf(Files.readAllLines(Path.of(stem + ".expected.ndjson")));
  }

  @Test
  void everyBindingHasAFixture() throws IOException {
    assertThat(cases())
        .extracting(file -> file.getParent().getFileName().toString())
        .containsAll(
            CATALOG.bindings().stream()
                .map(binding -> binding.name())
                .collect(Collectors.toList()));
  }

  private static List<String> outcomes(String binding, Path file) throws IOException {
    PayloadTrial trial = PayloadTrial.of(CATALOG, binding);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    Map<String, String> attributes =
        file.toString().endsWith(".csv") ? Map.of("header", lines.remove(0)) : Map.of();
    List<String> outcomes = new ArrayList<>();
    for (String line : lines) {
      outcomes.add(describe(trial.run(line.getBytes(StandardCharsets.UTF_8), attributes)));
    }
    return outcomes;
  }

  private static String describe(PayloadTrial.Outcome outcome) throws JsonProcessingException {
    ObjectNode node = JSON.createObjectNode();
    outcome.period().ifPresent(period -> node.put("period", period));
    outcome
        .row()
        .ifPresent(
            values -> {
              ObjectNode row = node.putObject("row");
              values.forEach(row::put);
            });
    outcome.warnings().ifPresent(warnings -> node.put("warnings", warnings));
    if (!outcome.refusals().isEmpty()) {
      ArrayNode refused = node.putArray("refused");
      outcome.refusals().forEach(refusal -> refused.add(refusal.toString()));
    }
    if (!outcome.unknownFields().isEmpty()) {
      ArrayNode unknown = node.putArray("unknown");
      outcome.unknownFields().forEach(unknown::add);
    }
    return JSON.writeValueAsString(node);
  }
}
