package ai.finks.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one refused record. */
@Command(name = "show", description = "Show one refused record with all its reasons.")
final class QuarantineShowCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "COORDINATE",
      description = "As list prints it: TOPIC:PARTITION:OFFSET:ELEMENT.")
  private String coordinate = "";

  @Option(
      names = "--reveal",
      description = "Show the payload too; who looked is recorded in the home.")
  private boolean reveal;

  @Override
  public Integer call() throws InterruptedException {
    if (!coordinate.matches("[^:]+:\\d+:\\d+:-?\\d+")) {
      throw CommandFailure.usage(
          "'" + coordinate + "' is no coordinate; quarantine list prints them");
    }
    JsonNode rows =
        RefusedQuery.rows(
            common,
            "select * exclude (payload, year, month, day)"
                + (reveal ? ", payload, try(decode(payload)) as payload_text" : "")
                + " from "
                + RefusedQuery.relation(common.home(), null)
                + " where "
                + RefusedQuery.COORDINATE
                + " = "
                + Sql.text(coordinate),
            reveal);
    if (rows.isEmpty()) {
      throw CommandFailure.data("There is no refused record at " + coordinate);
    }
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.set("records", (ArrayNode) rows);
      common.print(document);
    } else {
      rows.forEach(this::print);
    }
    return ExitCode.DONE.code();
  }

  private void print(JsonNode row) {
    row.fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode value = row.get(name);
              if (!value.isNull()) {
                common.print(
                    String.format(
                        "%-18s%s", name, value.isValueNode() ? value.asText() : value.toString()));
              }
            });
  }
}
