package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.RawStream;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.files.FileAdapter;
import ai.finks.adapters.files.FilesRequest;
import ai.finks.flink.silver.core.PayloadTrial;
import ai.finks.flink.silver.fixture.BindingFixtures;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code contracts try}: what Silver would make of a file's records, without running anything. */
@Command(
    name = "try",
    description = "Say what Silver would make of a file's records; nothing is sent or kept.",
    footer = {"", "Exit code 1 when a record would be refused. Tokens are not those of any table."})
final class ContractsTryCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ContractsCommand.Folder folder = new ContractsCommand.Folder();

  @Parameters(index = "0", paramLabel = "SOURCE.ENTITY", description = "The binding to read by.")
  private String bindingName = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "CSV, NDJSON or a JSON array.")
  private Path file = Path.of("");

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Show at most N records; all are counted (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Option(
      names = "--expected",
      description = "Print nothing but what becomes of each record, as fixtures write it down.")
  private boolean expected;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage(file + " is not a file that can be read");
    }
    SchemaCatalog catalog = folder.load(common);
    Binding binding = Bindings.binding(catalog, bindingName);
    if (expected) {
      BindingFixtures.outcomes(catalog, bindingName, file).forEach(common::print);
      return ExitCode.DONE.code();
    }
    TrialSink trial = new TrialSink(PayloadTrial.of(catalog, bindingName), limit);
    IngestReport report = run(binding, trial);
    print(trial, report);
    return (trial.refused() == 0 && report.failed().isEmpty() ? ExitCode.DONE : ExitCode.DATA)
        .code();
  }

  /** The file goes the way of any other, with a sink that refines instead of sending. */
  private IngestReport run(Binding binding, TrialSink trial)
      throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("finks-try");
    try {
      BatchAdapter adapter =
          FileAdapter.of(FilesRequest.of(bindingName, List.of(file)), RawStream.of(binding));
      return adapter.run(
          new IngestContext(scratch, "try", trial, IngestListener.NONE, Clock.systemUTC()));
    } finally {
      delete(scratch);
    }
  }

  private void print(TrialSink trial, IngestReport report) {
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("binding", bindingName).put("records", trial.records());
      document.put("accepted", trial.accepted()).put("refused", trial.refused());
      document.put("filtered", trial.filtered()).put("exploded", trial.exploded());
      document.set("results", trial.results());
      document.set("failed", IngestView.json(report).path("failed"));
      common.print(document);
      return;
    }
    trial.lines().forEach(common::print);
    common.print(
        String.format(
            "%,d records + %,d exploded = %,d accepted + %,d refused + %,d filtered",
            trial.records(),
            trial.exploded(),
            trial.accepted(),
            trial.refused(),
            trial.filtered()));
    for (IngestFailure failure : report.failed()) {
      common.warn("failed: " + failure.unit() + ": " + failure.reason());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
