package ai.finks.flink.table;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How records came: counts are kept apart by it, and each kind balances for itself. In a range's
 * {@link Counts} those of live records have their plain names, the others their kind before it.
 */
public enum CountKind {
  /** Sent by an adapter or a producer. */
  LIVE(""),
  /** Sent again from quarantine. */
  REDRIVEN("redriven.");

  private final String prefix;

  CountKind(String prefix) {
    this.prefix = prefix;
  }

  /** As accounting names the kind. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name under which a count of this kind is kept. */
  public String key(String count) {
    return prefix + count;
  }

  /** The counts of this kind alone, by their plain names. */
  public Counts of(Counts all) {
    Map<String, Long> own = new TreeMap<>();
    all.forEach(
        (key, value) -> {
          if (kindOf(key) == this) {
            own.put(key.substring(prefix.length()), value);
          }
        });
    return Counts.of(own);
  }

  private static CountKind kindOf(String key) {
    return key.startsWith(REDRIVEN.prefix) ? REDRIVEN : LIVE;
  }
}
