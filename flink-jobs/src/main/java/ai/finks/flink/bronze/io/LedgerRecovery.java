package ai.finks.flink.bronze.io;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.LostMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Brings Bronze's ledger back where the catalog lost it: from the ledger's own metadata if that is
 * there, else from the objects.
 *
 * <p>The objects tell everything but which of them were never entered: what a killed commit left
 * behind holds the very records that a later object holds, so an object that later ones hold
 * altogether is left out. One that they hold in part stops the recovery. So does an offset that no
 * object holds, since nobody knows whether an object is lost or the log had no such offset; it is
 * named, and may be accepted. A recovery that was stopped leaves nothing behind: the ledger is
 * there, with all that it names, or it is not.
 */
public final class LedgerRecovery {
  private static final String METADATA = "bronze/_ledger/metadata";
  private static final Pattern METADATA_FILE = Pattern.compile("(\\d+)-.*\\.metadata\\.json");

  private final LakeCatalog catalog;
  private final String lakeRoot;
  private final AcceptedGaps acceptedGaps;
  private final Consumer<String> progress;

  /**
   * @param acceptedGaps offsets that no object has to hold
   * @param progress is told what was done, a line each
   */
  public LedgerRecovery(
      LakeCatalog catalog, String lakeRoot, AcceptedGaps acceptedGaps, Consumer<String> progress) {
    this.catalog = catalog;
    this.lakeRoot = lakeRoot;
    this.acceptedGaps = acceptedGaps;
    this.progress = progress;
  }

  /**
   * Makes the ledger readable; does nothing if it is and names something, or if there is nothing.
   *
   * @throws JobStoppedException if the objects contradict each other
   */
  public void recover() throws IOException {
    if (!isSound() && !registerNewest()) {
      fromObjects();
    }
  }

  /**
   * Takes the ledger's newest metadata that can be read into the catalog.
   *
   * @return whether there is any
   */
  public boolean registerNewest() throws IOException {
    for (String file : metadataFiles()) {
      forget();
      try {
        catalog.register(LakeTables.BRONZE_FILES, lakeRoot + "/" + METADATA + "/" + file);
      } catch (RuntimeException e) {
        if (!LostMetadata.isCauseOf(e)) {
          throw e;
        }
        progress.accept("metadata " + file + " of Bronze's ledger is lost or cut off: " + e);
        continue;
      }
      if (isSound()) {
        progress.accept("ledger of Bronze taken from its metadata " + file);
        return true;
      }
    }
    forget();
    return false;
  }

  /** Whether it can be read, and names something if there is anything. */
  private boolean isSound() throws IOException {
    return catalog.isReadable(LakeTables.BRONZE_FILES)
        && (namesAny(catalog.load(LakeTables.BRONZE_FILES)) || !hasObjects());
  }

  /** A job's claim is a snapshot, too, but names nothing. */
  private static boolean namesAny(Table ledger) throws IOException {
    try (CloseableIterable<FileScanTask> files = ledger.newScan().planFiles()) {
      return files.iterator().hasNext();
    }
  }

  /** Whether there is anything that a ledger should name. */
  public boolean hasObjects() throws IOException {
    return !new ObjectScan(lakeRoot).paths().isEmpty();
  }

  private void forget() {
    if (catalog.exists(LakeTables.BRONZE_FILES)) {
      catalog.forget(LakeTables.BRONZE_FILES);
    }
  }

  /**
   * Newest first. Of one version the one written last comes first: the loser of a race mostly wrote
   * ahead of the winner. If it did not, its objects are gone, and reading Bronze names them.
   */
  private List<String> metadataFiles() throws IOException {
    Path folder = new Path(lakeRoot, METADATA);
    FileSystem files = folder.getFileSystem();
    List<FileStatus> found = new ArrayList<>();
    FileStatus[] entries = files.exists(folder) ? files.listStatus(folder) : new FileStatus[0];
    for (FileStatus entry : entries == null ? new FileStatus[0] : entries) {
      if (version(entry).isPresent()) {
        found.add(entry);
      }
    }
    found.sort(
        Comparator.<FileStatus>comparingLong(file -> version(file).orElse(0L))
            .thenComparingLong(FileStatus::getModificationTime)
            .reversed());
    List<String> names = new ArrayList<>();
    found.forEach(file -> names.add(file.getPath().getName()));
    return names;
  }

  private static Optional<Long> version(FileStatus file) {
    Matcher name = METADATA_FILE.matcher(file.getPath().getName());
    return name.matches() ? Optional.of(Long.parseLong(name.group(1))) : Optional.empty();
  }

  private void fromObjects() throws IOException {
    RecoveredObjects found = RecoveredObjects.read(new ObjectScan(lakeRoot), acceptedGaps);
    // Made and filled in one: a ledger that does not name all of them must never be seen.
    forget();
    Transaction creation = LakeTables.newLedger(catalog, lakeRoot);
    found.enter(creation.table());
    creation.commitTransaction();
    progress.accept("ledger of Bronze made again from " + found.size() + " objects");
  }
}
