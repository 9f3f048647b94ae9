package ai.finks.bench.variant;

/** One way from a topic to tables; lives for all laps of one process. */
interface Variant extends AutoCloseable {
  /**
   * Reads the whole topic into the tables of the lap's folder.
   *
   * @param lapStart when the lap began, by {@link System#nanoTime}
   */
  Lap run(int lap, long lapStart) throws Exception;
}
