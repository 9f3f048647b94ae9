package ai.finks.schemas.document;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes a map apart strictly: what is missing or of the wrong kind is a problem, and {@link
 * #finish} reports each key that nobody asked for, with the known key that was probably meant.
 */
public final class Section {

  private final Node node;
  private final Problems problems;
  private final Set<String> asked = new LinkedHashSet<>();

  public Section(Node node, Problems problems) {
    this.node = node;
    this.problems = problems;
    if (!node.isMap()) {
      problems.add(node, "a map of keys and values is expected here");
    }
  }

  public Node node() {
    return node;
  }

  /** A key's value, or null when it is absent. */
  public @Nullable Node find(String key) {
    asked.add(key);
    return node.entries().get(key);
  }

  public boolean has(String key) {
    return find(key) != null;
  }

  /** The value of a key that must be there; null (and a problem) when it is not. */
  public @Nullable Node require(String key) {
    Node value = find(key);
    if (value == null) {
      problems.add(node, "'" + key + "' is missing");
    }
    return value;
  }

  /** Where a key's value stands, or the map itself. */
  public Node at(String key) {
    Node value = node.entries().get(key);
    return value == null ? node : value;
  }

  /** The text of a key that must be there; empty (and a problem) when it is not. */
  public String requireText(String key) {
    Node value = require(key);
    return value == null ? "" : scalar(key, value).orElse("");
  }

  public Optional<String> text(String key) {
    Node value = find(key);
    return value == null ? Optional.empty() : scalar(key, value);
  }

  private Optional<String> scalar(String key, Node value) {
    if (!value.isScalar()) {
      problems.add(
          value,
          "'"
              + key
              + "' must be a text"
              + (value.kind() == Node.Kind.NULL ? " (quote one that YAML takes for null)" : ""));
      return Optional.empty();
    }
    return Optional.of(value.text());
  }

  /** A yes or no, with what absence means. */
  public boolean flag(String key, boolean absent) {
    Node value = find(key);
    if (value == null) {
      return absent;
    }
    if (value.kind() != Node.Kind.BOOLEAN) {
      problems.add(value, "'" + key + "' must be true or false, not '" + value.text() + "'");
      return absent;
    }
    return value.text().equalsIgnoreCase("true");
  }

  /** A whole number within bounds; {@code absent} when it is not there or not such a number. */
  public int number(String key, int absent, int least, int most) {
    Node value = find(key);
    if (value == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(value.text());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below like a number out of bounds.
    }
    problems.add(
        value, String.format("'%s' must be a whole number from %d to %d", key, least, most));
    return absent;
  }

  /** A list of texts; one text counts as a list of one; absent is empty. */
  public List<String> texts(String key) {
    Node value = find(key);
    if (value == null) {
      return List.of();
    }
    if (value.isScalar()) {
      return List.of(value.text());
    }
    List<String> texts = new ArrayList<>();
    if (!value.isList()) {
      problems.add(value, "'" + key + "' must be a list of texts");
    }
    for (Node item : value.items()) {
      if (item.isScalar()) {
        texts.add(item.text());
      } else {
        problems.add(item, "'" + key + "' must hold texts (quote an empty one: \"\")");
      }
    }
    return List.copyOf(texts);
  }

  /** A value that a parser takes; what it throws as IllegalArgumentException is a problem. */
  public <T> Optional<T> parsed(String key, Function<String, T> parser) {
    return text(key)
        .flatMap(
            text -> {
              try {
                return Optional.of(parser.apply(text));
              } catch (IllegalArgumentException | DateTimeException e) {
                problems.add(at(key), "'" + key + "': " + e.getMessage());
                return Optional.empty();
              }
            });
  }

  /** One of an enum's values, written in lower case with dashes. */
  public <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
    return parsed(key, text -> choiceOf(text, type));
  }

  /**
   * One of an enum's values, from how it is written.
   *
   * @throws IllegalArgumentException when it is none, with what there is
   */
  public static <E extends Enum<E>> E choiceOf(String text, Class<E> type) {
    Set<String> choices = new TreeSet<>();
    for (E value : type.getEnumConstants()) {
      if (written(value).equals(text)) {
        return value;
      }
      choices.add(written(value));
    }
    throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", choices));
  }

  private static String written(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reports the keys that were never asked for. */
  public void finish() {
    for (String key : node.entries().keySet()) {
      if (!asked.contains(key)) {
        problems.add(node.file(), node.keyLine(key), unknown("key", key, asked));
      }
    }
  }

  /** Says that a name is unknown, and which known one is close to it. */
  public static String unknown(String what, String name, Iterable<String> known) {
    String closest = null;
    int least = 3;
    for (String candidate : known) {
      int distance = distance(name, candidate);
      if (distance < least) {
        least = distance;
        closest = candidate;
      }
    }
    String message = "unknown " + what + " '" + name + "'";
    if (closest != null) {
      return message + " (did you mean '" + closest + "'?)";
    }
    return message + " (known: " + String.join(", ", known) + ")";
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(diagonal + change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
