package ai.finks.adapters.app;

import ai.finks.adapters.fmp.FmpAdapter;
import ai.finks.adapters.fmp.FmpRequest;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fmp.bars}. */
@Command(name = "fmp.bars", description = "Daily bars of FMP.", mixinStandardHelpOptions = true)
public final class FmpBarsCommand implements Callable<Integer> {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private FmpOptions fmp = new FmpOptions();

  @Option(names = "--from", required = true, description = "First day.")
  private LocalDate from = LocalDate.EPOCH;

  @Option(names = "--to", description = "Last day; today if not given.")
  private @Nullable LocalDate to;

  @Override
  public Integer call() throws Exception {
    FmpRequest request = FmpRequest.bars(fmp.symbols(), from, to);
    return run.run(FmpAdapter.of(fmp.config(), request, run.stream("fmp.bars")));
  }
}
