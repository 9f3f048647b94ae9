package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.ControlToken;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.trace.RowFilterException;
import ai.finks.stack.trace.TraceRequest;
import ai.finks.stack.trace.TraceService;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a row was made of. */
@Command(
    name = "trace",
    description =
        "Follow a row back: its tests, pinned snapshots, Silver rows, offsets, raw records.",
    footer = {
      "",
      "EXPRESSION compares columns with values: =, <>, <, <=, >, >=, between, in, is null, with",
      "and, or, not. Texts, dates and instants stand in single quotes. 'day' is the dataset's day.",
      "Exit code 1 when no row matches."
    })
final class TraceCommand implements Callable<Integer> {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "RELATION",
      description = "gold.DATASET, silver.ENTITY or silver.ENTITY_versions.")
  private String relation = "";

  @Option(
      names = "--where",
      required = true,
      paramLabel = "EXPRESSION",
      description = "Which rows, e.g. \"portfolio_id = 'PF-1001' and day = '2018-02-07'\".")
  private String where = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Rows shown of each table; all are counted (default: ${DEFAULT-VALUE}).")
  private int limit = 5;

  @Option(
      names = "--reveal",
      description = "Show payloads with personal data too; who looked is recorded in the home.")
  private boolean reveal;

  @Override
  public Integer call() {
    FinksHome home = common.home();
    if (!Lake.existsIn(home)) {
      throw CommandFailure.usage("There is no lake in " + home);
    }
    JsonNode answer = answer(home);
    if (answer.has("refused")) {
      throw CommandFailure.usage(answer.path("refused").asText());
    }
    if (answer.has("failed")) {
      throw CommandFailure.platform(answer.path("failed").asText());
    }
    if (common.json()) {
      common.print(answer);
    } else {
      new TraceTree(common::print).print(answer);
    }
    boolean none = answer.path("rows").isEmpty() && answer.at("/silver/rows_total").asLong() == 0;
    return (none ? ExitCode.DATA : ExitCode.DONE).code();
  }

  private JsonNode answer(FinksHome home) {
    try {
      TraceRequest request = new TraceRequest(relation, where, limit, reveal);
      JsonNode asked = TraceService.request(request, System.getProperty("user.name"));
      Optional<StackRecord> stack = StackProcess.findLiving(home);
      Optional<String> control = stack.flatMap(record -> record.url("control"));
      if (control.isPresent()) {
        return ask(home, control.get() + "/trace", asked);
      }
      return new TraceService(
              home,
              stack.flatMap(record -> record.url("kafka")).orElse(null),
              stack.flatMap(record -> record.url("registry")).orElse(null),
              Clock.systemUTC())
          .answer(asked);
    } catch (RowFilterException e) {
      throw CommandFailure.usage("" + e.getMessage());
    } catch (IOException e) {
      throw CommandFailure.platform("The trace could not be made: " + e.getMessage(), e);
    }
  }

  private static JsonNode ask(FinksHome home, String url, JsonNode request) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setRequestMethod("POST");
    connection.setRequestProperty(ControlToken.HEADER, ControlToken.read(home));
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(CommonOptions.JSON.writeValueAsBytes(request));
    }
    return CommonOptions.JSON.readTree(connection.getInputStream());
  }
}
