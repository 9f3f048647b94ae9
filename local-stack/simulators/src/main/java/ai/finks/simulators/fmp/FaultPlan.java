package ai.finks.simulators.fmp;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Decides the fault of each call; used by many threads at once. */
final class FaultPlan {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Faults faults;
  private final Map<FaultKind, Double> probabilities;
  private final ArrayDeque<FaultKind> next;
  private final ArrayDeque<Long> answered = new ArrayDeque<>();
  private final AtomicLong calls = new AtomicLong();

  FaultPlan(Faults faults) {
    this.faults = faults;
    this.next = new ArrayDeque<>(faults.next());
    // In the enum's order, so that the same seed hits the same calls in every JVM.
    this.probabilities = new EnumMap<>(FaultKind.class);
    this.probabilities.putAll(faults.probabilities());
  }

  Faults faults() {
    return faults;
  }

  /** The fault of this call, if it meets one. */
  Optional<FaultKind> ofCallAt(long nowNanos) {
    synchronized (next) {
      FaultKind scripted = next.poll();
      if (scripted != null) {
        return Optional.of(scripted);
      }
    }
    if (overLimitAt(nowNanos)) {
      return Optional.of(FaultKind.TOO_MANY_REQUESTS);
    }
    double draw = unit(faults.seed(), calls.getAndIncrement());
    for (Map.Entry<FaultKind, Double> entry : probabilities.entrySet()) {
      draw -= entry.getValue();
      if (draw < 0) {
        return Optional.of(entry.getKey());
      }
    }
    return Optional.empty();
  }

  private boolean overLimitAt(long nowNanos) {
    if (faults.callsPerMinute() == 0) {
      return false;
    }
    synchronized (answered) {
      while (!answered.isEmpty() && nowNanos - answered.peekFirst() >= MINUTE_NANOS) {
        answered.removeFirst();
      }
      if (answered.size() >= faults.callsPerMinute()) {
        return true;
      }
      answered.addLast(nowNanos);
      return false;
    }
  }

  /** A number in [0, 1) that depends on the seed and the call only (SplitMix64's finaliser). */
  private static double unit(long seed, long call) {
    long z = seed * 0xD1342543DE82EF95L + (call + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
  }
}
