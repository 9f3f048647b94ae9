package ai.finks.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The status as people read it. */
final class StatusView {
  private StatusView() {}

  static void print(CommonOptions common, ObjectNode status) {
    common.print("stack on " + status.path("home").asText() + ": " + status.path("state").asText());
    for (JsonNode component : status.path("components")) {
      common.print(
          String.format(
              "  %-11s %-10s %s",
              component.path("name").asText(),
              component.path("state").asText(),
              component.path("url").asText()));
    }
    for (JsonNode job : status.path("jobs")) {
      common.print(
          String.format(
              "  %-11s %-10s %s",
              job.path("name").asText() + " job",
              job.path("state").asText(),
              job.path("failure").asText()));
    }
    if (status.path("entities").size() > 0) {
      common.print("");
      entities(common, status.path("entities"));
    }
    if (status.path("contracts").path("folder_differs").asBoolean()) {
      common.print("");
      common.print(
          "The contracts or bindings in "
              + status.path("contracts").path("folder").asText()
              + " are not those that run; ./finks contracts apply takes them in");
    }
    drift(common, status.path("drift"));
    runs(common, status.path("runs"));
  }

  private static void drift(CommonOptions common, JsonNode drift) {
    if (drift.isEmpty()) {
      return;
    }
    common.print("");
    common.print(
        String.format(
            "%-14s %-14s %-28s %-9s %9s  %s",
            "drift in", "from", "field", "what", "records", "policy"));
    for (JsonNode field : drift) {
      common.print(
          String.format(
              "%-14s %-14s %-28s %-9s %,9d  %s",
              field.path("entity").asText(),
              field.path("source").asText(),
              field.path("field").asText(),
              field.path("kind").asText(),
              field.path("records").asLong(),
              field.path("policy").asText()));
    }
  }

  private static void entities(CommonOptions common, JsonNode entities) {
    common.print(
        String.format(
            "%-14s %11s %11s %11s %11s %9s  %-24s %s",
            "entity",
            "read",
            "silver",
            "quarantine",
            "duplicates",
            "behind",
            "last commit",
            "accounting"));
    entities
        .fields()
        .forEachRemaining(
            entry -> {
              JsonNode entity = entry.getValue();
              common.print(
                  String.format(
                      "%-14s %,11d %,11d %,11d %,11d %,9d  %-24s %s",
                      entry.getKey(),
                      entity.path("read").asLong(),
                      entity.path("silver").asLong(),
                      entity.path("quarantine").asLong(),
                      entity.path("duplicates").asLong(),
                      entity.path("behind").asLong(),
                      entity.path("last_commit").asText("-"),
                      entity.path("balanced").asBoolean() ? "balances" : "DOES NOT BALANCE"));
            });
  }

  private static void runs(CommonOptions common, JsonNode runs) {
    for (JsonNode run : runs) {
      if (run.path("state").asText().equals("finished")) {
        continue;
      }
      common.print("");
      if (run.has("journal")) {
        common.print(
            String.format(
                "run %s cannot be read: %s is damaged",
                run.path("run_id").asText(), run.path("journal").asText()));
        continue;
      }
      common.print(
          String.format(
              "run %s (%s) is %s: %d of %d parts, %,d records sent",
              run.path("run_id").asText(),
              run.path("adapter").asText(),
              run.path("state").asText(),
              run.path("units_done").asInt(),
              run.path("units").asInt(),
              run.path("sent").asLong()));
      if (run.has("resume")) {
        common.print("  resume it: " + run.path("resume").asText());
      }
    }
  }
}
