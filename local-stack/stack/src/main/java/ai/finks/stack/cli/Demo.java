package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.fmp.FmpAdapter;
import ai.finks.adapters.fmp.FmpRequest;
import ai.finks.simulators.demo.DemoPortfolios;
import ai.finks.simulators.demo.DemoQuotes;
import ai.finks.stack.embedded.StackConfig;
import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.DatasetFiles;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.LakeProgress;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The steps of the demo, one after the other, each with its time. */
final class Demo {
  private static final Duration WAIT_TIMEOUT = Duration.ofMinutes(5);
  private static final int PARALLEL_CALLS = 4;
  private static final int SEAL_THREADS = 2;

  /** The models whose Silver tables the demo's data fills, with their parents. */
  private static final String GOLD_OF_THE_DATA = "+daily_portfolio_summary stg_fmp_quotes";

  private final DemoHome guarded;
  private final FinksHome home;
  private final CommonOptions common;
  private final Path demoData = CommonOptions.root().resolve("local-stack/demo-data");
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private final String correlationId = Ingestion.runId(null, "demo");

  Demo(DemoHome guarded, CommonOptions common) {
    this.guarded = guarded;
    this.home = guarded.home();
    this.common = common;
  }

  /** Runs everything and returns the exit code of the worst verdict. */
  int run() throws Exception {
    long started = System.nanoTime();
    CompletableFuture<Path> transactions = CompletableFuture.supplyAsync(this::generatePortfolios);
    StackRecord stack = timed("up", this::up);
    List<IngestReport> ingested = timed("ingest", () -> ingest(stack, transactions.get()));
    try (Lake lake = Lake.open(home)) {
      LakeProgress progress = new LakeProgress(lake);
      timed("wait", () -> waitFor(stack, progress));
      timed("seal", () -> seal(lake));
      JsonNode gold = timed("gold", this::buildGold);
      String sample = common.json() ? "" : goldRows(gold);
      if (!guarded.isKept()) {
        timed("down", () -> StackProcess.stop(home));
      }
      seconds.put("total", Elapsed.rounded(started));
      DemoResult result =
          new DemoResult(
              progress.counts(),
              progress.unbalanced(),
              ingested,
              gold,
              DatasetFiles.in(home),
              seconds);
      result.print(common, home, guarded.isKept(), sample);
      return result.exitCode();
    }
  }

  private Path generatePortfolios() {
    try {
      Path folder = home.folder().resolve("demo");
      Files.createDirectories(folder);
      Path file = folder.resolve(DemoPortfolios.FILE_NAME);
      new DemoPortfolios(demoData).writeTo(file);
      return file;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private StackRecord up() throws InterruptedException {
    StackConfig config = StackConfig.of(CommonOptions.root(), home);
    common.progress("Starting a stack on " + home + " …");
    try {
      return StackProcess.start(
          guarded.isKept() ? config : config.ownedBy(ProcessHandle.current().pid()),
          common::progress);
    } catch (IOException e) {
      throw CommandFailure.platform("The stack did not come up: " + e.getMessage(), e);
    }
  }

  private List<IngestReport> ingest(StackRecord stack, Path transactions) throws Exception {
    Path quotes = new DemoQuotes(demoData).file();
    List<BatchAdapter> adapters =
        List.of(
            FmpAdapter.of(
                FmpAccess.simulator(stack, PARALLEL_CALLS),
                FmpRequest.bars(
                    FmpAccess.simulatedSymbols(stack),
                    IngestFmp.SIMULATED_FROM,
                    IngestFmp.SIMULATED_TO),
                Bindings.stream(home, "fmp.bars")),
            IngestFiles.adapter(home, "screener.quotes", List.of(quotes)),
            IngestFiles.adapter(home, "mongodb.transactions", List.of(transactions)));
    List<String> names = List.of("fmp.bars", "screener.quotes", "mongodb.transactions");
    common.progress("Ingesting " + String.join(", ", names) + " …");
    ExecutorService threads = Executors.newFixedThreadPool(adapters.size());
    try (DemoProgress board = new DemoProgress(home, names, common)) {
      List<Future<IngestReport>> running = new ArrayList<>();
      for (int i = 0; i < adapters.size(); i++) {
        String name = names.get(i);
        BatchAdapter adapter = adapters.get(i);
        running.add(
            threads.submit(
                () ->
                    new Ingestion(home, stack, correlationId)
                        .run(adapter, Ingestion.runId(null, name), board.listener(name))));
      }
      List<IngestReport> reports = new ArrayList<>();
      for (Future<IngestReport> report : running) {
        reports.add(report.get());
      }
      return reports;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean waitFor(StackRecord stack, LakeProgress progress) throws InterruptedException {
    common.progress("Waiting for the last commits …");
    WaitCommand.until(home, stack, progress, WAIT_TIMEOUT, common);
    return true;
  }

  private List<LakeSeal.Done> seal(Lake lake) throws IOException {
    common.progress("Sealing past periods …");
    return new LakeSeal(home, lake, SEAL_THREADS, Instant.now(), correlationId)
        .run(LakeSeal.entities(home, null), null, common::progress);
  }

  private JsonNode buildGold() throws InterruptedException, IOException {
    common.progress("Building Gold …");
    PythonLake.Outcome outcome;
    try (RunTelling telling = RunTelling.on(home, common::warn)) {
      outcome =
          new GoldRun(home, Clock.systemUTC(), correlationId)
              .run(
                  GOLD_OF_THE_DATA,
                  telling,
                  build -> {
                    List<String> arguments = new ArrayList<>(build);
                    arguments.addAll(List.of("--json", "--quiet"));
                    return PythonLake.capture(arguments, common.quiet());
                  });
    }
    if (outcome.exitCode() > ExitCode.DATA.code()) {
      throw CommandFailure.platform(
          "Gold could not be built (exit code " + outcome.exitCode() + ")");
    }
    return CommonOptions.JSON.readTree(outcome.output());
  }

  /** A few rows of the first dataset, as a table. */
  private String goldRows(JsonNode gold) throws InterruptedException {
    String dataset = gold.path("published").path(0).path("name").asText("");
    if (dataset.isEmpty()) {
      return "";
    }
    return PythonLake.capture(
            List.of(
                "query",
                "--home",
                home.toString(),
                "--format",
                "table",
                "--quiet",
                "--",
                DemoResult.sampleQuery(dataset)),
            true)
        .output();
  }

  private <T> T timed(String step, java.util.concurrent.Callable<T> work) throws Exception {
    long started = System.nanoTime();
    T result = work.call();
    seconds.put(step, Elapsed.rounded(started));
    common.progress(String.format("  %s: %.1f s", step, Elapsed.seconds(started)));
    return result;
  }
}
