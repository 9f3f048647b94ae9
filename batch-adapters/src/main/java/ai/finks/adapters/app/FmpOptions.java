package ai.finks.adapters.app;

import ai.finks.adapters.fmp.FmpConfig;
import ai.finks.adapters.secret.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands of FMP have in common. */
final class FmpOptions {
  @Option(names = "--symbols", split = ",", description = "Symbols, separated by commas.")
  private List<String> symbols = new ArrayList<>();

  @Option(names = "--symbols-file", description = "A file of symbols, one per line.")
  private @Nullable Path symbolsFile;

  @Option(names = "--parallel", description = "Calls at a time.")
  private @Nullable Integer parallel;

  @Option(
      names = "--fmp",
      paramLabel = "KEY=VALUE",
      description = {
        "Settings: base-url, api-key (a secret's name: env:NAME, file:PATH or aws:NAME; without it"
            + " env:FMP_API_KEY), calls-per-minute, retry.max-attempts, …"
      })
  private Map<String, String> settings = new HashMap<>();

  FmpConfig config() {
    Map<String, String> all = new HashMap<>(settings);
    if (parallel != null) {
      all.put("parallel", parallel.toString());
    }
    return FmpConfig.of(all, SecretSource.standard(System.getenv()));
  }

  List<String> symbols() throws IOException {
    List<String> all = new ArrayList<>(symbols);
    if (symbolsFile != null) {
      if (!Files.isRegularFile(symbolsFile)) {
        throw new IllegalArgumentException("--symbols-file: there is no file " + symbolsFile);
      }
      for (String line : Files.readAllLines(symbolsFile)) {
        if (!line.isBlank()) {
          all.add(line.strip());
        }
      }
    }
    return all;
  }
}
