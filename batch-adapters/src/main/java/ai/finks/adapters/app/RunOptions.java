package ai.finks.adapters.app;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.RawStream;
import ai.finks.adapters.RunLineage;
import ai.finks.adapters.journal.RunId;
import ai.finks.client.LineageProducer;
import ai.finks.client.RawProducer;
import ai.finks.client.RawProducerConfig;
import ai.finks.schemas.SchemaCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every adapter's command takes: where the platform is, and the run. */
final class RunOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--bootstrap-servers",
      required = true,
      defaultValue = "${env:FINKS_BOOTSTRAP_SERVERS}",
      description = "The Kafka brokers, host:port,… (environment: FINKS_BOOTSTRAP_SERVERS).")
  private String bootstrapServers = "";

  @Option(
      names = "--registry-url",
      required = true,
      defaultValue = "${env:FINKS_REGISTRY_URL}",
      description = "The schema registry's API (environment: FINKS_REGISTRY_URL).")
  private String registryUrl = "";

  @Option(
      names = "--home",
      defaultValue = "${env:FINKS_HOME:-.finks/home}",
      description = "Keeps the runs' journals (environment: FINKS_HOME; ${DEFAULT-VALUE}).")
  private Path home = Path.of(".finks/home");

  @Option(
      names = "--schemas",
      defaultValue = "${env:FINKS_SCHEMAS:-schemas}",
      description = "Contracts and bindings (environment: FINKS_SCHEMAS; ${DEFAULT-VALUE}).")
  private Path schemas = Path.of("schemas");

  @Option(
      names = "--run-id",
      description = "Names the run: a new id begins one, that of an unfinished one resumes it.")
  private @Nullable String runId;

  @Option(
      names = "--correlation-id",
      paramLabel = "ID",
      defaultValue = "${env:FINKS_CORRELATION_ID}",
      description = "What caused the run, for lineage (environment: FINKS_CORRELATION_ID).")
  private @Nullable String correlationId;

  @Option(
      names = "--producer",
      paramLabel = "KEY=VALUE",
      description = "Settings of the producer, for example kafka.security.protocol=SASL_SSL.")
  private Map<String, String> producer = new HashMap<>();

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  /** The stream of a binding. */
  RawStream stream(String binding) {
    return SchemaCatalog.load(schemas)
        .binding(binding)
        .map(RawStream::of)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no binding " + binding + " in " + schemas.resolve("sources")));
  }

  /** Runs, prints the report, gives the exit code. */
  int run(BatchAdapter adapter) throws IOException, InterruptedException {
    String id =
        runId == null
            ? RunId.create(adapter.name(), Instant.now(), ThreadLocalRandom.current().nextInt())
            : RunId.check(runId);
    Map<String, String> settings = new HashMap<>(producer);
    settings.put("bootstrap-servers", bootstrapServers);
    settings.put("registry-url", registryUrl);
    RawProducerConfig config = RawProducerConfig.of(settings);
    try (RawProducer sink = RawProducer.open(config);
        LineageProducer lineage = LineageProducer.open(config)) {
      IngestReport report =
          new RunLineage(lineage, correlationId)
              .run(adapter, new IngestContext(home, id, sink, listener(), Clock.systemUTC()));
      out().println(json ? ReportText.json(report) : ReportText.text(report));
      return report.exitCode();
    }
  }

  private IngestListener listener() {
    PrintWriter err = spec().commandLine().getErr();
    return new IngestListener() {
      @Override
      public void started(String run, boolean resumed, String origin) {
        err.println((resumed ? "resuming run " : "run ") + run + " from " + origin);
      }

      @Override
      public void note(String text) {
        err.println(text);
      }
    };
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private CommandSpec spec() {
    if (command == null) {
      throw new IllegalStateException("options without their command");
    }
    return command;
  }
}
