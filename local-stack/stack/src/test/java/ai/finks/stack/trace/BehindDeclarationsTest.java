package ai.finks.stack.trace;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.document.Documents;
import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.stack.Checkout;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the models declare to stand behind their rows fits the contracts. */
class BehindDeclarationsTest {
  @TempDir Path folder;

  @Test
  void everyDeclarationNamesColumnsThatThereAre() throws IOException {
    int checked = 0;
    try (TraceLake lake = new TraceLake(folder)) {
      for (Map<?, ?> model : models()) {
        Map<?, ?> meta = map(map(model.get("config")).get("meta"));
        if (meta.containsKey("behind")) {
          String declared = new ObjectMapper().writeValueAsString(meta.get("behind"));
          check(lake, model, Behind.parse(declared));
          checked++;
        }
      }
    }
    assertThat(checked).isPositive();
  }

  private static void check(TraceLake lake, Map<?, ?> model, List<Behind> steps) {
    Set<String> known = new HashSet<>();
    for (Object column : (List<?>) model.get("columns")) {
      known.add("gold." + map(column).get("name"));
    }
    for (Behind step : steps) {
      Schema schema = lake.schema(step.entity());
      RowFilter.OtherRows others = name -> known.contains(name) ? List.of() : null;
      RowFilter.parse(step.versions(), schema, Map.of(), others);
      String rows = step.rows();
      if (rows != null) {
        RowFilter.parse(rows, schema, Map.of(), others);
      }
      Behind.Newest newest = step.newest();
      if (newest != null) {
        assertThat(schema.findField(newest.by())).as(newest.by()).isNotNull();
        assertThat(schema.findField(newest.per())).as(newest.per()).isNotNull();
      }
      schema.columns().forEach(column -> known.add(step.entity() + "." + column.name()));
    }
  }

  private static List<Map<?, ?>> models() throws IOException {
    List<Map<?, ?>> models = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Checkout.root().resolve("dbt/models"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yml")).toList()) {
        Node page = Documents.yaml(file.toString(), Files.readString(file), new Problems());
        if (map(plain(page)).get("models") instanceof List<?> list) {
          list.forEach(model -> models.add(map(model)));
        }
      }
    }
    return models;
  }

  private static Object plain(@Nullable Node node) {
    if (node == null) {
      return Map.of();
    }
    if (node.isMap()) {
      Map<String, Object> map = new HashMap<>();
      node.entries().forEach((key, value) -> map.put(key, plain(value)));
      return map;
    }
    return node.isList() ? node.items().stream().map(item -> plain(item)).toList() : node.text();
  }

  private static Map<?, ?> map(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }
}
