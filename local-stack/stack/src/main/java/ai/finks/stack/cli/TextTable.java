package ai.finks.stack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Rows of a JSON array as lines of aligned columns, with a header; the names are the first's. */
final class TextTable {
  private TextTable() {}

  static List<String> lines(ArrayNode rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    rows.get(0).fieldNames().forEachRemaining(names::add);
    List<List<String>> cells = new ArrayList<>();
    cells.add(names);
    for (JsonNode row : rows) {
      cells.add(names.stream().map(name -> cell(row.path(name))).toList());
    }
    int[] widths = new int[names.size()];
    cells.forEach(line -> widen(widths, line));
    return cells.stream().map(line -> line(widths, line)).toList();
  }

  private static void widen(int[] widths, List<String> line) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], line.get(i).length());
    }
  }

  private static String line(int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }

  private static String cell(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(TextTable::cell)
          .collect(Collectors.joining(","));
    }
    // A line end or a control character within a value would break the table, or the terminal.
    return (value.isValueNode() ? value.asText() : value.toString()).replaceAll("\\p{Cntrl}", "·");
  }
}
