package ai.finks.adapters.app;

import ai.finks.adapters.fmp.FmpAdapter;
import ai.finks.adapters.fmp.FmpRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fmp.quotes}. */
@Command(
    name = "fmp.quotes",
    description = "The newest quotes of FMP.",
    mixinStandardHelpOptions = true)
public final class FmpQuotesCommand implements Callable<Integer> {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private FmpOptions fmp = new FmpOptions();

  @Override
  public Integer call() throws Exception {
    FmpRequest request = FmpRequest.quotes(fmp.symbols());
    return run.run(FmpAdapter.of(fmp.config(), request, run.stream("fmp.quotes")));
  }
}
