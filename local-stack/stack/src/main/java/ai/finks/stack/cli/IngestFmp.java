package ai.finks.stack.cli;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.fmp.FmpAdapter;
import ai.finks.adapters.fmp.FmpConfig;
import ai.finks.adapters.fmp.FmpRequest;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ingest fmp.bars} and {@code ingest fmp.quotes}. */
final class IngestFmp {
  /** The days that the simulator has bars of. */
  static final LocalDate SIMULATED_FROM = LocalDate.of(2013, 2, 8);

  static final LocalDate SIMULATED_TO = LocalDate.of(2018, 2, 7);

  private IngestFmp() {}

  /** What both take. */
  static final class Options {
    @Option(
        names = "--symbols",
        split = ",",
        paramLabel = "SYMBOL",
        description = "Comma-separated (default: all that the simulator has; needed with --live).")
    private List<String> symbols = List.of();

    @Option(
        names = "--parallel",
        paramLabel = "N",
        description = "Calls at a time (default: ${DEFAULT-VALUE}).")
    private int parallel = 4;

    @Option(
        names = "--run-id",
        paramLabel = "ID",
        description = "Start, or resume, the run of that name.")
    private @Nullable String runId;

    @Option(
        names = "--live",
        description = "Ask the real service; needs a key. Without it: the simulator.")
    private boolean live;

    @Option(
        names = "--secret",
        paramLabel = "NAME",
        description =
            "With --live: where its key is, env:NAME, file:PATH or aws:NAME (default:"
                + " env:FMP_API_KEY).")
    private @Nullable String secret;

    @Option(
        names = "--base-url",
        paramLabel = "URL",
        description =
            "With --live: where the service is (environment: FMP_BASE_URL; default: FMP's own).")
    private @Nullable String baseUrl;

    /** Says what is wrong with the options before anything is looked up; null for the simulator. */
    private @Nullable FmpConfig service() {
      if (parallel < 1 || parallel > 64) {
        throw CommandFailure.usage("--parallel must be 1 to 64, was " + parallel);
      }
      if (live) {
        return FmpAccess.live(parallel, baseUrl, secret, System.getenv());
      }
      if (secret != null || baseUrl != null) {
        throw CommandFailure.usage("--secret and --base-url go with --live");
      }
      return null;
    }

    private List<String> symbols(StackRecord stack) {
      if (!symbols.isEmpty()) {
        return symbols;
      }
      if (live) {
        throw CommandFailure.usage("--live needs --symbols: the real service has too many");
      }
      return FmpAccess.simulatedSymbols(stack);
    }
  }

  /** Daily bars. */
  @Command(
      name = "fmp.bars",
      description = "Daily bars from FMP: from its simulator, or with --live from the service.")
  static final class Bars implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final Options options = new Options();

    @Option(
        names = "--from",
        paramLabel = "DAY",
        description = "First day, e.g. 2017-01-01 (default: the simulator's first).")
    private @Nullable LocalDate from;

    @Option(
        names = "--to",
        paramLabel = "DAY",
        description = "Last day (default: the simulator's last; with --live today).")
    private @Nullable LocalDate to;

    @Override
    public Integer call() throws InterruptedException {
      FmpConfig service = options.service();
      if (options.live && from == null) {
        throw CommandFailure.usage("--live needs --from");
      }
      StackRecord stack = RunningStack.of(common.home());
      LocalDate first = from != null ? from : SIMULATED_FROM;
      LocalDate last = to != null || options.live ? to : latest(first, SIMULATED_TO);
      return ingest(
          common,
          stack,
          options,
          service,
          request(() -> FmpRequest.bars(options.symbols(stack), first, last)));
    }

    private static LocalDate latest(LocalDate one, LocalDate other) {
      return one.isAfter(other) ? one : other;
    }
  }

  /** The newest quotes. */
  @Command(
      name = "fmp.quotes",
      description = "The newest quotes from FMP: from its simulator, or with --live the service.")
  static final class Quotes implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final Options options = new Options();

    @Override
    public Integer call() throws InterruptedException {
      FmpConfig service = options.service();
      StackRecord stack = RunningStack.of(common.home());
      return ingest(
          common,
          stack,
          options,
          service,
          request(() -> FmpRequest.quotes(options.symbols(stack))));
    }
  }

  private static int ingest(
      CommonOptions common,
      StackRecord stack,
      Options options,
      @Nullable FmpConfig service,
      FmpRequest request)
      throws InterruptedException {
    FinksHome home = common.home();
    String name = request.entity() == FmpRequest.Entity.BARS ? "fmp.bars" : "fmp.quotes";
    FmpConfig config = service != null ? service : FmpAccess.simulator(stack, options.parallel);
    BatchAdapter adapter = FmpAdapter.of(config, request, Bindings.stream(home, name));
    return IngestCommand.run(common, home, stack, adapter, options.runId);
  }

  private static FmpRequest request(java.util.function.Supplier<FmpRequest> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("" + e.getMessage());
    }
  }
}
