package ai.finks.flink.table;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BiPredicate;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Multipart uploads that were begun below a folder of an object store and never ended. Nobody sees
 * their parts, but the store keeps them until somebody aborts the upload. File systems have none.
 */
public final class OpenUploads {
  /** No writer of ours holds a file open for that long. */
  static final Duration ABANDONED_AFTER = Duration.ofDays(2);

  private static final Logger LOG = LoggerFactory.getLogger(OpenUploads.class);

  private OpenUploads() {}

  /**
   * Aborts the uploads below a folder that are dead.
   *
   * @param io that the lake's tables are read and written by
   * @param folder its location
   * @param dead tells from the object's path below the folder, and from when its upload was begun,
   *     that nobody will ever complete it
   * @return how many live on
   */
  public static int abort(FileIO io, String folder, BiPredicate<String, Instant> dead) {
    // What speaks to the store is loaded only where there is one.
    return folder.startsWith(S3Uploads.SCHEME) && io.getClass().getName().endsWith(".S3FileIO")
        ? S3Uploads.abort(io, folder, dead)
        : 0;
  }

  /** Aborts what killed writers of a table's large files began long ago; a failure is logged. */
  static void abortAbandoned(Table table, Instant now) {
    Instant longAgo = now.minus(ABANDONED_AFTER);
    try {
      abort(table.io(), table.location(), (path, begun) -> begun.isBefore(longAgo));
    } catch (RuntimeException e) {
      // Housekeeping: what is left costs space and is found at the next turn.
      LOG.warn("Uploads of {} were not looked through", table.name(), e);
    }
  }
}
