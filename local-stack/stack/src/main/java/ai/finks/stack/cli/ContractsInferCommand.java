package ai.finks.stack.cli;

import ai.finks.flink.silver.fixture.BindingFixtures;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.SchemaProblem;
import ai.finks.stack.infer.ContractDraft;
import ai.finks.stack.infer.FieldSketch;
import ai.finks.stack.infer.Sample;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contracts infer}: contract, binding and fixture from a sample. */
@Command(
    name = "infer",
    description = "Draft a contract, a binding and a fixture from a sample.",
    footer = {
      "",
      "Without --key and --event-time nothing is written: it shows what was found and proposes",
      "both. With them the files are written, for you to read and correct."
    })
final class ContractsInferCommand implements Callable<Integer> {
  private static final int FIXTURE_RECORDS = 5;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ContractsCommand.Folder folder = new ContractsCommand.Folder();

  @Parameters(index = "0", paramLabel = "FILE", description = "CSV, NDJSON or a JSON array.")
  private Path file = Path.of("");

  @Option(
      names = "--binding",
      required = true,
      paramLabel = "SOURCE.ENTITY",
      description = "What to call the source and the entity.")
  private String binding = "";

  @Option(
      names = "--key",
      split = ",",
      paramLabel = "FIELD",
      description = "The fields that say which thing a record is about.")
  private @Nullable List<String> key;

  @Option(
      names = "--event-time",
      paramLabel = "FIELD",
      description = "The date or timestamp of what happened.")
  private @Nullable String eventTime;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The zone in which an instant falls into a day (default: ${DEFAULT-VALUE}).")
  private String zone = "UTC";

  @Override
  public Integer call() throws IOException {
    if (!binding.matches("[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*")) {
      throw CommandFailure.usage(
          "'" + binding + "' is not SOURCE.ENTITY, both of lower-case letters, digits and '_'");
    }
    Sample sample = sample();
    if (key == null || eventTime == null) {
      propose(sample);
      return ExitCode.DONE.code();
    }
    return write(sample, draft(sample));
  }

  private Sample sample() {
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage(file + " is not a file that can be read");
    }
    try {
      Sample sample = Sample.read(file);
      if (sample.records().isEmpty()) {
        throw CommandFailure.usage(file + " has no records");
      }
      return sample;
    } catch (IOException e) {
      throw CommandFailure.usage(file + ": " + e.getMessage());
    }
  }

  private ContractDraft draft(Sample sample) {
    try {
      return new ContractDraft(
          binding, sample, key == null ? List.of() : key, eventTime == null ? "" : eventTime, zone);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("" + e.getMessage());
    }
  }

  private void propose(Sample sample) {
    List<String> likelyKey = key == null ? ContractDraft.likelyKey(sample) : key;
    String likelyTime = eventTime == null ? ContractDraft.likelyEventTime(sample) : eventTime;
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      ArrayNode fields = document.putArray("fields");
      for (FieldSketch field : sample.fields()) {
        fields
            .addObject()
            .put("name", field.name())
            .put("place", field.place())
            .put("type", kind(field))
            .put("always", field.required())
            .put("unique", field.unique());
      }
      ArrayNode proposed = document.putArray("key");
      likelyKey.forEach(proposed::add);
      document.put("event_time", likelyTime).put("written", false);
      common.print(document);
      return;
    }
    common.print(
        String.format("%-24s %-24s %-13s %-7s %s", "field", "from", "type", "always", "unique"));
    for (FieldSketch field : sample.fields()) {
      common.print(
          String.format(
              "%-24s %-24s %-13s %-7s %s",
              field.name(),
              field.place(),
              kind(field),
              field.required() ? "yes" : "no",
              field.unique() ? "yes" : "no"));
    }
    common.print("");
    common.print("Confirm what a record is about (--key) and when it happened (--event-time):");
    common.print(
        String.format(
            "  ./finks contracts infer %s --binding %s --key %s --event-time %s",
            file,
            binding,
            likelyKey.isEmpty() ? "FIELD,FIELD" : String.join(",", likelyKey),
            likelyTime.isEmpty() ? "FIELD" : likelyTime));
  }

  private static String kind(FieldSketch field) {
    return field.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private Integer write(Sample sample, ContractDraft draft) throws IOException {
    Path schemas = folder.path(common);
    String entity = binding.substring(binding.indexOf('.') + 1);
    Path contract = schemas.resolve("avro/" + entity + ".avsc");
    Path bound = schemas.resolve("sources/" + binding + ".yaml");
    Path fixture =
        schemas.resolve("fixtures/" + binding + "/sample" + (sample.isCsv() ? ".csv" : ".ndjson"));
    Path expected = fixture.resolveSibling("sample.expected.ndjson");
    List<Path> files = List.of(contract, bound, fixture, expected);
    for (Path path : files) {
      if (Files.exists(path)) {
        throw CommandFailure.usage(path + " is there already; move it away, or draft by hand");
      }
    }
    for (Path path : files) {
      Files.createDirectories(path.getParent());
    }
    Files.writeString(contract, draft.contract());
    Files.writeString(bound, draft.binding());
    Files.writeString(fixture, sample.fixture(FIXTURE_RECORDS));
    List<SchemaProblem> problems = SchemaCatalog.check(schemas);
    if (problems.isEmpty()) {
      Files.write(
          expected, BindingFixtures.outcomes(SchemaCatalog.load(schemas), binding, fixture));
    }
    print(files, draft, sample, problems);
    return (problems.isEmpty() ? ExitCode.DONE : ExitCode.DATA).code();
  }

  private void print(
      List<Path> files, ContractDraft draft, Sample sample, List<SchemaProblem> problems) {
    List<String> personal = new ArrayList<>();
    for (FieldSketch field : sample.fields()) {
      if (draft.isPersonal(field)) {
        personal.add(field.name());
      }
    }
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode().put("written", true);
      ArrayNode array = document.putArray("files");
      files.forEach(path -> array.add(path.toString()));
      personal.forEach(document.putArray("personal")::add);
      document.set("problems", ContractsCommand.Check.json(problems));
      common.print(document);
      return;
    }
    files.forEach(path -> common.print("wrote " + path));
    if (!personal.isEmpty()) {
      common.print("hidden as personal data: " + String.join(", ", personal));
    }
    problems.forEach(problem -> common.print(problem.toString()));
    common.print("Read them, correct them, then: ./finks contracts check");
  }
}
