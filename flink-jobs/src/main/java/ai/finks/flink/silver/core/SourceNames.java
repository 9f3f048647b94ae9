package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import java.util.ArrayList;
import java.util.List;

/**
 * The names that a source gives its fields, as they may be counted and shown. They are metadata,
 * but where a value stands in a name's place (a CSV file without its header, a document keyed by
 * e-mail address) they would carry personal data out of the payload: for a contract that has any, a
 * name that does not look like one is shown by its length only.
 */
final class SourceNames {
  private static final int MAX_LENGTH = 64;
  private static final int MAX_DIGITS = 3;

  private final boolean hidesValues;

  SourceNames(Contract contract) {
    this.hidesValues = contract.fields().stream().anyMatch(field -> field.masking().isPresent());
  }

  /** A list of its own, as the reader's is overwritten by the next record. */
  List<String> shown(List<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }
    if (!hidesValues) {
      return List.copyOf(names);
    }
    List<String> shown = new ArrayList<>(names.size());
    names.forEach(name -> shown.add(looksLikeName(name) ? name : "name(" + name.length() + ")"));
    return shown;
  }

  /** Letters, digits (a few), and what parts paths; an at sign only before an attribute. */
  static boolean looksLikeName(String name) {
    int digits = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean atSign = c == '@' && (i == 0 || name.charAt(i - 1) == '/');
      digits += c >= '0' && c <= '9' ? 1 : 0;
      if (!Character.isLetterOrDigit(c) && "_.-/$*".indexOf(c) < 0 && !atSign) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= MAX_LENGTH && digits <= MAX_DIGITS;
  }
}
