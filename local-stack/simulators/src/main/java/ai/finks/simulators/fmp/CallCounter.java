package ai.finks.simulators.fmp;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts the simulator's answers; used by many threads at once. */
final class CallCounter {
  private long calls;
  private long bytes;
  private int inProgress;
  private int mostAtOnce;
  private final Map<Integer, Long> byStatus = new TreeMap<>();
  private final Map<FaultKind, Long> byFault = new EnumMap<>(FaultKind.class);
  private final Map<String, Long> bySymbol = new TreeMap<>();

  synchronized void begin() {
    calls++;
    mostAtOnce = Math.max(mostAtOnce, ++inProgress);
  }

  synchronized void end() {
    inProgress--;
  }

  synchronized void answered(Answer answer, @Nullable FaultKind fault) {
    byStatus.merge(answer.status(), 1L, Long::sum);
    if (fault != null) {
      byFault.merge(fault, 1L, Long::sum);
    }
    bytes += fault == FaultKind.TRUNCATED ? answer.length() / 2 : answer.length();
    boolean complete = fault == null || fault == FaultKind.SLOW;
    if (complete && answer.status() == 200 && answer.symbol() != null) {
      bySymbol.merge(answer.symbol(), 1L, Long::sum);
    }
  }

  synchronized Statistics statistics() {
    return new Statistics(
        calls, bytes, Map.copyOf(byStatus), Map.copyOf(byFault), Map.copyOf(bySymbol), mostAtOnce);
  }
}
