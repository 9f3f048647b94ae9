package ai.finks.stack.infer;

import java.util.ArrayList;
import java.util.List;

/** Cuts a CSV record into its cells (RFC 4180). */
final class CsvCells {
  private CsvCells() {}

  static List<String> of(String record) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    String text = record.startsWith("\uFEFF") ? record.substring(1) : record;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"' && (quoted || cell.length() == 0)) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }
}
