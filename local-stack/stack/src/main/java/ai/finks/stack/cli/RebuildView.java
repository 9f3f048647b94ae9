package ai.finks.stack.cli;

import ai.finks.flink.rebuild.RebuildResult;
import ai.finks.flink.silver.hash.TableHash;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rebuild made: tables, their hashes, and Gold. */
final class RebuildView {
  private final CommonOptions common;

  RebuildView(CommonOptions common) {
    this.common = common;
  }

  /**
   * @param gold what the build of Gold said, null where none was made
   */
  void print(
      FinksHome home, SchemaCatalog schemas, List<RebuildResult> results, @Nullable JsonNode gold)
      throws IOException {
    ObjectNode document = document(home, schemas, results);
    if (gold != null) {
      document.set("gold", gold);
    }
    if (common.json()) {
      common.print(document);
      return;
    }
    TextTable.lines((ArrayNode) document.get("tables")).forEach(common::print);
    document
        .path("hashes")
        .properties()
        .forEach(hash -> common.print(hash.getKey() + " hash " + hash.getValue().asText()));
    for (JsonNode dataset : document.path("gold").path("published")) {
      common.print(
          String.format(
              "gold.%s: %,d rows, tested and published",
              dataset.path("name").asText(), dataset.path("rows").asLong()));
    }
  }

  private static ObjectNode document(
      FinksHome home, SchemaCatalog schemas, List<RebuildResult> results) throws IOException {
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    ArrayNode tables = document.putArray("tables");
    ObjectNode hashes = document.putObject("hashes");
    try (Lake lake = Lake.open(home)) {
      for (RebuildResult result : results) {
        for (PipelineTable role : PipelineTable.values()) {
          tables
              .addObject()
              .put("entity", result.entity())
              .put("name", role.identifier(result.entity()).toString())
              .put("rows", result.rows().getOrDefault(role, 0L))
              .put("raw_records", result.records());
        }
        hashes.put(
            LakeTables.silver(result.entity()).toString(),
            TableHash.of(
                    lake.load(LakeTables.silver(result.entity())),
                    schemas.contract(result.entity()).orElseThrow())
                .hex());
      }
    }
    return document;
  }
}
