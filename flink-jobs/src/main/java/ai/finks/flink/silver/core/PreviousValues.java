package ai.finks.flink.silver.core;

/** What the checks against previous values know of one stream partition. */
public final class PreviousValues {
  private final GroupValues[] byRule;

  PreviousValues(int rules) {
    this.byRule = new GroupValues[rules];
    for (int i = 0; i < rules; i++) {
      byRule[i] = new GroupValues();
    }
  }

  GroupValues of(int rule) {
    return byRule[rule];
  }
}
