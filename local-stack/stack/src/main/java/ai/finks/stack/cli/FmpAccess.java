package ai.finks.stack.cli;

import ai.finks.adapters.fmp.FmpConfig;
import ai.finks.adapters.secret.Secret;
import ai.finks.adapters.secret.SecretSource;
import ai.finks.simulators.fmp.FmpSimulator;
import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** FMP as the local stack knows it: its simulator, or the real service when it is asked for. */
final class FmpAccess {
  // The simulator has no plan to be within; the real service's limit is the adapter's default.
  private static final String SIMULATOR_CALLS_PER_MINUTE = "1000000";
  private static final String SIMULATOR_KEY = "simulator";

  private FmpAccess() {}

  /** How to talk to the stack's simulator. */
  static FmpConfig simulator(StackRecord stack, int parallel) {
    Map<String, String> values = new HashMap<>();
    values.put("base-url", url(stack));
    values.put("api-key", SIMULATOR_KEY);
    values.put("calls-per-minute", SIMULATOR_CALLS_PER_MINUTE);
    values.put("parallel", Integer.toString(parallel));
    return FmpConfig.of(values, name -> Secret.of(FmpSimulator.DEFAULT_API_KEY));
  }

  /** How to talk to the real service, with the key of the environment. */
  static FmpConfig live(int parallel) {
    try {
      return FmpConfig.of(
          Map.of("parallel", Integer.toString(parallel)), SecretSource.standard(System.getenv()));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          "--live needs a key of financialmodelingprep.com: "
              + e.getMessage()
              + "; set FMP_API_KEY");
    }
  }

  /** Every symbol that the simulator has. */
  static List<String> simulatedSymbols(StackRecord stack) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(url(stack) + "/stable/stock-list").toURL().openConnection();
      connection.setRequestProperty("apikey", FmpSimulator.DEFAULT_API_KEY);
      List<String> symbols = new ArrayList<>();
      try (InputStream body = connection.getInputStream()) {
        for (JsonNode stock : CommonOptions.JSON.readTree(body)) {
          symbols.add(stock.path("symbol").asText());
        }
      }
      return symbols;
    } catch (IOException e) {
      throw CommandFailure.platform("The FMP simulator does not answer: " + e.getMessage(), e);
    }
  }

  private static String url(StackRecord stack) {
    return stack
        .url("fmp")
        .orElseThrow(() -> CommandFailure.platform("This stack runs no FMP simulator"));
  }
}
