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
import org.jspecify.annotations.Nullable;

/** FMP as the local stack knows it: its simulator, or the real service when it is asked for. */
final class FmpAccess {
  // The simulator has no plan to be within; the real service's limit is the adapter's default.
  private static final String SIMULATOR_CALLS_PER_MINUTE = "1000000";
  private static final String SIMULATOR_KEY = "simulator";
  private static final String KEY_VARIABLE = "FMP_API_KEY";
  private static final String URL_VARIABLE = "FMP_BASE_URL";

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

  /**
   * How to talk to the real service.
   *
   * @param baseUrl where it is; null for FMP_BASE_URL, else FMP's own address
   * @param secret the name of the key, {@code env:NAME}, {@code file:PATH} or {@code aws:NAME};
   *     null for FMP_API_KEY
   */
  static FmpConfig live(
      int parallel,
      @Nullable String baseUrl,
      @Nullable String secret,
      Map<String, String> environment) {
    Secret key = key(secret == null ? "env:" + KEY_VARIABLE : secret, environment);
    Map<String, String> values = new HashMap<>();
    values.put("parallel", Integer.toString(parallel));
    String url = baseUrl != null ? baseUrl : environment.get(URL_VARIABLE);
    if (url != null) {
      values.put("base-url", url);
    }
    try {
      return FmpConfig.of(values, name -> key);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--live: " + e.getMessage());
    }
  }

  private static Secret key(String name, Map<String, String> environment) {
    try {
      if (!name.matches("(env|file|aws):.*")) {
        // Not repeated: it may be the key itself.
        throw new IllegalArgumentException("--secret takes a secret's name, never the secret");
      }
      return SecretSource.standard(environment).get(name);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          "--live needs a key of the FMP service: "
              + e.getMessage()
              + ". Set "
              + KEY_VARIABLE
              + ", or name the secret: --secret env:NAME, --secret file:PATH or --secret aws:NAME");
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
