package ai.finks.schemas.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of a JSON or YAML document that knows where it stands. */
public final class Node {

  /** What a piece of a document is. */
  public enum Kind {
    MAP,
    LIST,
    TEXT,
    NUMBER,
    BOOLEAN,
    NULL
  }

  private final String file;
  private final int line;
  private final Kind kind;
  private final String text;
  private final Map<String, Node> entries;
  private final Map<String, Integer> keyLines;
  private final List<Node> items;

  private Node(
      Place place,
      Kind kind,
      String text,
      Map<String, Node> entries,
      Map<String, Integer> keyLines,
      List<Node> items) {
    this.file = place.file;
    this.line = place.line;
    this.kind = kind;
    this.text = text;
    this.entries = entries;
    this.keyLines = keyLines;
    this.items = items;
  }

  static Node map(Place place, Map<String, Node> entries, Map<String, Integer> keyLines) {
    return new Node(
        place,
        Kind.MAP,
        "",
        Collections.unmodifiableMap(new LinkedHashMap<>(entries)),
        Map.copyOf(keyLines),
        List.of());
  }

  static Node list(Place place, List<Node> items) {
    return new Node(place, Kind.LIST, "", Map.of(), Map.of(), List.copyOf(items));
  }

  static Node scalar(Place place, Kind kind, String text) {
    return new Node(place, kind, text, Map.of(), Map.of(), List.of());
  }

  /** An empty map that stands at the first line of a file, in place of one that is not there. */
  public static Node missing(String file) {
    return map(new Place(file, 1), Map.of(), Map.of());
  }

  public String file() {
    return file;
  }

  /** The line that the piece begins in, from 1. */
  public int line() {
    return line;
  }

  public Kind kind() {
    return kind;
  }

  public boolean isMap() {
    return kind == Kind.MAP;
  }

  public boolean isList() {
    return kind == Kind.LIST;
  }

  public boolean isScalar() {
    return !isMap() && !isList() && kind != Kind.NULL;
  }

  /** A scalar as it is written; numbers and booleans too. Empty for maps and lists. */
  public String text() {
    return text;
  }

  /** A map's entries in the document's order. */
  public Map<String, Node> entries() {
    return entries;
  }

  /** A list's items. */
  public List<Node> items() {
    return items;
  }

  /** The lines that a map's keys stand in. */
  public Map<String, Integer> keyLines() {
    return keyLines;
  }

  /** The line that a map's key stands in. */
  public int keyLine(String key) {
    return keyLines.getOrDefault(key, line);
  }

  /** File and line. */
  static final class Place {
    final String file;
    final int line;

    Place(String file, int line) {
      this.file = file;
      this.line = line;
    }
  }
}
