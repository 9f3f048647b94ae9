package ai.finks.stack.cli;

import ai.finks.stack.embedded.StackProcess;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import ai.finks.stack.trace.RowFilterException;
import ai.finks.stack.trace.TraceRequest;
import ai.finks.stack.trace.TraceService;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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
    RunningStack.requireLake(home);
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
      if (stack.flatMap(record -> record.url("control")).isPresent()) {
        return StackControl.ask(home, stack.get(), "/trace", asked);
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
}
