package ai.finks.stack.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether an invariant holds.
 *
 * @param invariant its number in the architecture
 * @param statement what must be true
 * @param findings what contradicts it; none if it holds
 */
public record Verdict(int invariant, String statement, List<String> findings) {
  private static final int SHOWN = 8;

  /** Keeps a copy. */
  public Verdict {
    findings = List.copyOf(findings);
  }

  /** Whether nothing contradicts it. */
  public boolean holds() {
    return findings.isEmpty();
  }

  /** What of two lists is not in the other, each element as often as it is missing. */
  static List<String> differences(String what, List<String> expected, List<String> found) {
    List<String> missing = new ArrayList<>(expected);
    List<String> surplus = new ArrayList<>();
    java.util.Map<String, Integer> left = new java.util.HashMap<>();
    expected.forEach(each -> left.merge(each, 1, Integer::sum));
    for (String each : found) {
      Integer count = left.get(each);
      if (count == null || count == 0) {
        surplus.add(each);
      } else {
        left.put(each, count - 1);
      }
    }
    missing.removeIf(
        each -> {
          int count = left.getOrDefault(each, 0);
          if (count > 0) {
            left.put(each, count - 1);
            return false;
          }
          return true;
        });
    List<String> differences = new ArrayList<>();
    describe(differences, what + " lacks ", missing);
    describe(differences, what + " has more often than sent ", surplus);
    return differences;
  }

  private static void describe(List<String> differences, String what, List<String> elements) {
    for (String element : elements.subList(0, Math.min(SHOWN, elements.size()))) {
      differences.add(what + element);
    }
    if (elements.size() > SHOWN) {
      differences.add(what + (elements.size() - SHOWN) + " others");
    }
  }
}
