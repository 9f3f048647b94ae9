package ai.finks.bench.history;

/**
 * How a history is replayed.
 *
 * @param parallel stream partitions at a time, of the replays that have the stack to themselves
 * @param liveRate records a second that are offered beside further replays; 0 for none
 * @param liveSeconds how long at least
 * @param warmUpSeconds how long they are offered before
 */
public record ReplayLoad(int parallel, int liveRate, int liveSeconds, int warmUpSeconds) {
  boolean hasLive() {
    return liveRate > 0;
  }
}
