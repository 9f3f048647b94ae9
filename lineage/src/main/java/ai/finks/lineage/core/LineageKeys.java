package ai.finks.lineage.core;

/**
 * The keys of the one table. A partition is a run or a snapshot; what is known of it lies sorted by
 * the kind of the fact, so that each question reads one range of one partition.
 *
 * <pre>
 * partition                sort                              tells
 * RUN#run                  ASKED#instant                     what it asked for
 * RUN#run                  CAME#instant                      what came of it
 * RUN#run                  WROTE#table@snapshot              that it is among those who made it
 * SNAPSHOT#table@snapshot  COMMIT                            when, how many files, rows and bytes
 * SNAPSHOT#table@snapshot  RUN#run                           how many records came from it
 * SNAPSHOT#table@snapshot  OFFSETS#topic#partition#stream    from and to
 * SNAPSHOT#table@snapshot  READ#table@snapshot               what it was built on
 * SNAPSHOT#table@snapshot  GOLD#dataset@snapshot             what was built on it
 * </pre>
 */
public final class LineageKeys {
  public static final String ASKED = "ASKED#";
  public static final String CAME = "CAME#";
  public static final String WROTE = "WROTE#";
  public static final String COMMIT = "COMMIT";
  public static final String RUN = "RUN#";
  public static final String OFFSETS = "OFFSETS#";
  public static final String READ = "READ#";
  public static final String GOLD = "GOLD#";

  private LineageKeys() {}

  /** The partition of a run. */
  public static String run(String runId) {
    return RUN + runId;
  }

  /** The partition of a table's snapshot. */
  public static String snapshot(String table, long snapshotId) {
    return "SNAPSHOT#" + version(table, snapshotId);
  }

  static String version(String table, long snapshotId) {
    return table + "@" + snapshotId;
  }
}
