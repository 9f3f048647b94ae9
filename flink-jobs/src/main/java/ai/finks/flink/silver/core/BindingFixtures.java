package ai.finks.flink.silver.core;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.SchemaProblem;
import ai.finks.schemas.binding.Binding;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fixtures beside the bindings: {@code fixtures/<source>.<entity>/<case>.ndjson} (or {@code
 * .csv}, header row first), one record per line, and {@code <case>.expected.ndjson} with a line for
 * each that says what becomes of it.
 */
public final class BindingFixtures {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EXPECTED = ".expected.ndjson";
  private static final String CASE = ".*\\.(csv|ndjson)";

  private final Path folder;
  private final SchemaCatalog catalog;

  /**
   * @param schemasDir the folder that holds {@code fixtures/}
   * @param catalog the bindings and contracts that they are tried with
   */
  public BindingFixtures(Path schemasDir, SchemaCatalog catalog) {
    this.folder = schemasDir.resolve("fixtures");
    this.catalog = catalog;
  }

  /** Where fixtures and what becomes of them differ, and which bindings have none. */
  public List<SchemaProblem> check() {
    List<SchemaProblem> problems = new ArrayList<>();
    for (Binding binding : catalog.bindings()) {
      List<Path> cases = cases(binding.name());
      if (cases.isEmpty()) {
        problems.add(
            new SchemaProblem(
                binding.file(),
                1,
                "the binding has no fixture: put sample records into "
                    + folder.resolve(binding.name()).resolve("sample.ndjson")
                    + " (or .csv)"));
      }
      for (Path records : cases) {
        check(binding.name(), records, problems);
      }
    }
    return problems;
  }

  /** The files of records of a binding. */
  public List<Path> cases(String binding) {
    Path own = folder.resolve(binding);
    if (!Files.isDirectory(own)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(own)) {
      return files
          .filter(file -> file.toString().matches(CASE))
          .filter(file -> !file.toString().endsWith(EXPECTED))
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + own, e);
    }
  }

  private void check(String binding, Path records, List<SchemaProblem> problems) {
    Path expectedFile = expectedFile(records);
    if (!Files.isRegularFile(expectedFile)) {
      problems.add(
          new SchemaProblem(
              records.toString(),
              1,
              "what is to become of these records is not written down; look at and keep it: ./finks"
                  + " contracts try "
                  + binding
                  + " "
                  + records
                  + " --expected > "
                  + expectedFile));
      return;
    }
    List<String> actual = outcomes(binding, records);
    List<String> expected = lines(expectedFile);
    for (int line = 0; line < Math.max(actual.size(), expected.size()); line++) {
      String is = line < actual.size() ? actual.get(line) : "nothing";
      String wanted = line < expected.size() ? expected.get(line) : "nothing";
      if (!is.equals(wanted)) {
        problems.add(
            new SchemaProblem(
                expectedFile.toString(),
                line + 1,
                "the record becomes " + is + ", and this line says " + wanted));
      }
    }
  }

  private static Path expectedFile(Path records) {
    return Path.of(records.toString().replaceAll("\\.(csv|ndjson)$", EXPECTED));
  }

  /** What becomes of each record of a file, as a line of {@code .expected.ndjson}. */
  public List<String> outcomes(String binding, Path records) {
    PayloadTrial trial = PayloadTrial.of(catalog, binding);
    List<String> lines = new ArrayList<>(lines(records));
    Map<String, String> attributes = Map.of();
    if (records.toString().endsWith(".csv") && !lines.isEmpty()) {
      attributes = Map.of("header", lines.remove(0));
    }
    List<String> outcomes = new ArrayList<>();
    for (String line : lines) {
      outcomes.add(describe(trial.run(line.getBytes(StandardCharsets.UTF_8), attributes)));
    }
    return outcomes;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** One outcome as a line of {@code .expected.ndjson}. */
  public static String describe(PayloadTrial.Outcome outcome) {
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
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
