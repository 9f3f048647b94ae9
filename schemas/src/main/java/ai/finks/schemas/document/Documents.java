package ai.finks.schemas.document;

import ai.finks.schemas.document.Node.Kind;
import ai.finks.schemas.document.Node.Place;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads JSON and YAML into {@link Node}s. A key that stands twice in a map is a problem. */
public final class Documents {

  private static final int MAX_DEPTH = 32;
  private static final JsonFactory JSON = new JsonFactory();

  private Documents() {}

  /** The JSON document in a text, or null when it is none (and a problem says why). */
  public static @Nullable Node json(String file, String text, Problems problems) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        problems.add(file, 1, "the file is empty");
        return null;
      }
      Node node = json(file, parser, problems);
      if (parser.nextToken() != null) {
        problems.add(file, line(parser), "there is more behind the end of the document");
      }
      return node;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      problems.add(file, at == null ? 1 : at.getLineNr(), "not JSON: " + e.getOriginalMessage());
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }

  private static Node json(String file, JsonParser parser, Problems problems) throws IOException {
    Place place = new Place(file, line(parser));
    switch (parser.currentToken()) {
      case START_OBJECT:
        return jsonMap(place, parser, problems);
      case START_ARRAY:
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(json(file, parser, problems));
        }
        return Node.list(place, items);
      case VALUE_NULL:
        return Node.scalar(place, Kind.NULL, "");
      case VALUE_TRUE:
      case VALUE_FALSE:
        return Node.scalar(place, Kind.BOOLEAN, parser.getText());
      case VALUE_NUMBER_INT:
      case VALUE_NUMBER_FLOAT:
        return Node.scalar(place, Kind.NUMBER, parser.getText());
      default:
        return Node.scalar(place, Kind.TEXT, parser.getText());
    }
  }

  private static Node jsonMap(Place place, JsonParser parser, Problems problems)
      throws IOException {
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Integer> keyLines = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      int line = line(parser);
      parser.nextToken();
      Node value = json(place.file, parser, problems);
      if (entries.put(key, value) != null) {
        problems.add(place.file, line, "'" + key + "' stands here twice");
      }
      keyLines.put(key, line);
    }
    return Node.map(place, entries, keyLines);
  }

  /** The YAML document in a text, or null when it is none (and a problem says why). */
  public static @Nullable Node yaml(String file, String text, Problems problems) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
    try {
      Optional<org.snakeyaml.engine.v2.nodes.Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.add(file, 1, "the file is empty");
        return null;
      }
      return yaml(file, root.get(), problems, 0);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      problems.add(file, line, "not YAML: " + e.getProblem());
      return null;
    } catch (YamlEngineException e) {
      problems.add(file, 1, "not YAML: " + e.getMessage());
      return null;
    }
  }

  private static Node yaml(
      String file, org.snakeyaml.engine.v2.nodes.Node node, Problems problems, int depth) {
    Place place = new Place(file, node.getStartMark().map(Mark::getLine).orElse(0) + 1);
    if (depth > MAX_DEPTH) {
      throw new YamlEngineException("nested deeper than " + MAX_DEPTH);
    }
    if (node instanceof MappingNode) {
      return yamlMap(place, (MappingNode) node, problems, depth);
    }
    if (node instanceof SequenceNode) {
      List<Node> items = new ArrayList<>();
      for (org.snakeyaml.engine.v2.nodes.Node item : ((SequenceNode) node).getValue()) {
        items.add(yaml(file, item, problems, depth + 1));
      }
      return Node.list(place, items);
    }
    ScalarNode scalar = (ScalarNode) node;
    return Node.scalar(place, kind(scalar.getTag()), scalar.getValue());
  }

  private static Kind kind(Tag tag) {
    if (tag.equals(Tag.NULL)) {
      return Kind.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return Kind.BOOLEAN;
    }
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? Kind.NUMBER : Kind.TEXT;
  }

  private static Node yamlMap(Place place, MappingNode map, Problems problems, int depth) {
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Integer> keyLines = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      Node key = yaml(place.file, tuple.getKeyNode(), problems, depth + 1);
      if (!key.isScalar()) {
        problems.add(key, "a key must be plain text");
        continue;
      }
      Node value = yaml(place.file, tuple.getValueNode(), problems, depth + 1);
      if (entries.put(key.text(), value) != null) {
        problems.add(key, "'" + key.text() + "' stands here twice");
      }
      keyLines.put(key.text(), key.line());
    }
    return Node.map(place, entries, keyLines);
  }
}
