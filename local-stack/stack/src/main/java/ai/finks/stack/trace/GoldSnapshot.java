package ai.finks.stack.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What the build of a dataset wrote into its snapshot: the snapshots of Silver that it read, its
 * tests, and which rows stand behind a row.
 */
final class GoldSnapshot {
  static final String RUN = "finks.gold-run";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Snapshot snapshot;

  private GoldSnapshot(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** That of the newest build; maintenance may have committed since. */
  static Optional<GoldSnapshot> newest(Table dataset) {
    Snapshot snapshot = dataset.currentSnapshot();
    while (snapshot != null && !snapshot.summary().containsKey(RUN)) {
      Long parent = snapshot.parentId();
      snapshot = parent == null ? null : dataset.snapshot(parent);
    }
    return Optional.ofNullable(snapshot).map(GoldSnapshot::new);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  @Nullable String said(String key) {
    return snapshot.summary().get("finks." + key);
  }

  /** Snapshot by Silver table; tables that had none are left out. */
  Map<String, Long> pins() {
    Map<String, Long> pins = new TreeMap<>();
    JsonNode inputs = document("inputs");
    document("pins")
        .properties()
        .forEach(
            pin -> {
              boolean used = inputs.isEmpty() || contains(inputs, pin.getKey());
              if (used && pin.getValue().isNumber()) {
                pins.put(pin.getKey(), pin.getValue().asLong());
              }
            });
    return pins;
  }

  private static boolean contains(JsonNode array, String text) {
    for (JsonNode node : array) {
      if (node.asText().equals(text)) {
        return true;
      }
    }
    return false;
  }

  /** Verdicts by model and test. */
  JsonNode tests() {
    return document("tests");
  }

  List<Behind> behind() {
    return Behind.parse(said("behind"));
  }

  private JsonNode document(String key) {
    String text = said(key);
    try {
      return text == null ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Snapshot " + snapshot.snapshotId() + " says of its " + key + " what is no JSON", e);
    }
  }
}
