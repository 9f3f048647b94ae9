package ai.finks.stack.embedded;

import ai.finks.lineage.store.LineageFact;
import ai.finks.lineage.store.LineageStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the lineage store knows of a run, or of a table's snapshot. */
final class LineageAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Supplier<Optional<LineageStore>> store;

  LineageAnswers(Supplier<Optional<LineageStore>> store) {
    this.store = store;
  }

  ObjectNode answer(JsonNode request) {
    Optional<LineageStore> open = store.get();
    if (open.isEmpty()) {
      return JSON.createObjectNode().put("failed", "the lineage store is not open (yet)");
    }
    LineageStore lineage = open.get();
    ObjectNode answer = JSON.createObjectNode();
    if (request.has("run")) {
      String run = request.path("run").asText();
      put(answer, "asked", lineage.askedBy(run));
      put(answer, "came", lineage.cameTo(run));
      put(answer, "wrote", lineage.writtenBy(run));
    } else {
      String table = request.path("table").asText();
      long snapshot = request.path("snapshot").asLong();
      put(answer, "commit", lineage.commit(table, snapshot));
      put(answer, "runs", lineage.runsBehind(table, snapshot));
      put(answer, "offsets", lineage.offsetsBehind(table, snapshot));
      put(answer, "read", lineage.readFor(table, snapshot));
      put(answer, "gold", lineage.builtOn(table, snapshot));
    }
    return answer;
  }

  private static void put(ObjectNode answer, String question, List<LineageFact> facts) {
    ObjectNode node = answer.putObject(question);
    for (LineageFact fact : facts) {
      node.set(fact.name().isEmpty() ? "it" : fact.name(), JSON.valueToTree(fact.values()));
    }
  }
}
