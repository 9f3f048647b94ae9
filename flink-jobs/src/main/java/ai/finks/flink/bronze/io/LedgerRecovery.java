package ai.finks.flink.bronze.io;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.FencedAppend;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * Brings Bronze's ledger back where the catalog lost it: from the ledger's own metadata if that is
 * there, else from the objects.
 *
 * <p>The objects tell everything but which of them were never entered: what a killed commit left
 * behind holds the very records that a later object holds, so an object that later ones hold
 * altogether is left out. One that they hold in part stops the recovery. So does an offset that no
 * object holds, since nobody knows whether an object is lost or the log had no such offset; it is
 * named, and may be accepted.
 */
public final class LedgerRecovery {
  private static final String JOB = "bronze-recovery";
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
   * Makes the ledger readable; does nothing if it is.
   *
   * @throws JobStoppedException if the objects contradict each other
   */
  public void recover() throws IOException {
    if (catalog.isReadable(LakeTables.BRONZE_FILES)) {
      return;
    }
    if (!registerNewest()) {
      forget();
      LakeTables.createShared(catalog, lakeRoot);
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
      } catch (NotFoundException e) {
        continue;
      }
      if (catalog.isReadable(LakeTables.BRONZE_FILES)) {
        progress.accept("ledger of Bronze taken from its metadata " + file);
        return true;
      }
    }
    return false;
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

  /** Newest first. Of one version the one written last was committed: a lost race ends earlier. */
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
    ObjectScan scan = new ObjectScan(lakeRoot);
    SortedMap<StreamPartition, List<ObjectScan.Found>> found = new TreeMap<>();
    for (String path : scan.paths()) {
      ObjectScan.Found object = scan.read(path);
      found.computeIfAbsent(object.row.partition(), p -> new ArrayList<>()).add(object);
    }
    found.replaceAll((partition, all) -> withoutLeftovers(all));
    found.forEach(this::requireNoGap);
    Table ledger = catalog.load(LakeTables.BRONZE_FILES);
    for (Map.Entry<StreamPartition, List<ObjectScan.Found>> entry : found.entrySet()) {
      enter(ledger, entry.getKey(), entry.getValue());
    }
    long objects = found.values().stream().mapToLong(List::size).sum();
    progress.accept("ledger of Bronze made again from " + objects + " objects");
  }

  private void requireNoGap(StreamPartition partition, List<ObjectScan.Found> objects) {
    BitSet held = new BitSet();
    for (ObjectScan.Found object : objects) {
      long first = object.row.content().first();
      object.offsets.stream().forEach(at -> held.set(Math.toIntExact(first + at)));
    }
    for (int gap = held.nextClearBit(0); gap < held.length(); gap = held.nextClearBit(gap)) {
      int end = held.nextSetBit(gap);
      if (!acceptedGaps.accept(partition, gap, end)) {
        throw new JobStoppedException(
            String.format(
                "%s partition %d offsets %d to %d of stream %s are in no object of Bronze. Restore"
                    + " the objects that held them; if there never was anything at these offsets,"
                    + " or it is given up, give the command with --accept-gap %s",
                partition.topic(),
                partition.partition(),
                gap,
                end - 1,
                partition.streamId(),
                AcceptedGaps.text(partition, gap, end)));
      }
      gap = end;
    }
  }

  private static List<ObjectScan.Found> withoutLeftovers(List<ObjectScan.Found> objects) {
    List<ObjectScan.Found> newestFirst = new ArrayList<>(objects);
    newestFirst.sort(
        Comparator.<ObjectScan.Found, Instant>comparing(object -> object.name.written())
            .thenComparing(object -> object.row.path())
            .reversed());
    List<ObjectScan.Found> entered = new ArrayList<>();
    for (ObjectScan.Found object : newestFirst) {
      long held = heldByOthers(object, entered);
      if (held == 0) {
        entered.add(object);
      } else if (held < object.row.content().records()) {
        throw new JobStoppedException(
            "Object "
                + object.row
                + " holds "
                + held
                + " of its "
                + object.row.content().records()
                + " records together with later objects. A killed commit left it; move it away, or"
                + " cut it to the others, and start again.");
      }
    }
    entered.sort(Comparator.comparingLong(object -> object.row.content().first()));
    return entered;
  }

  private static long heldByOthers(ObjectScan.Found object, List<ObjectScan.Found> others) {
    long first = object.row.content().first();
    List<ObjectScan.Found> near = new ArrayList<>();
    for (ObjectScan.Found other : others) {
      if (other.row.content().first() <= object.row.content().last()
          && other.row.content().last() >= first) {
        near.add(other);
      }
    }
    return near.isEmpty()
        ? 0
        : object.offsets.stream()
            .filter(at -> near.stream().anyMatch(other -> other.has(first + at)))
            .count();
  }

  private static void enter(Table ledger, StreamPartition partition, List<ObjectScan.Found> objects)
      throws IOException {
    Map<LedgerRow, OffsetRange> ranges = ranges(objects);
    Map<LedgerRow, Instant> times = new HashMap<>();
    List<LedgerRow> rows = new ArrayList<>();
    long read = 0;
    long undecodable = 0;
    long end = 0;
    for (ObjectScan.Found object : objects) {
      rows.add(object.row);
      times.put(object.row, object.name.written());
      read += object.row.content().records();
      undecodable += object.undecodable;
      end = Math.max(end, object.row.content().last() + 1);
    }
    DataFile file =
        Ledger.write(
            ledger,
            "ledger-recovered-" + UUID.randomUUID(),
            rows,
            row -> Objects.requireNonNull(ranges.get(row)),
            row -> Objects.requireNonNull(times.get(row)));
    Counts counts = Counts.of(Map.of("read", read, "undecodable", undecodable));
    FencedAppend.commit(
        ledger,
        Map.of(partition, OffsetRange.of(0, end, counts)),
        List.of(file),
        CommitOrigin.live(JOB, UUID.randomUUID().toString(), 0));
  }

  /**
   * Objects that hold offsets of the same stretch were committed together. Ranges meet: what lies
   * between them was accepted.
   */
  private static Map<LedgerRow, OffsetRange> ranges(List<ObjectScan.Found> inOrder) {
    Map<LedgerRow, OffsetRange> ranges = new HashMap<>();
    List<LedgerRow> together = new ArrayList<>();
    long start = 0;
    long end = 0;
    for (ObjectScan.Found object : inOrder) {
      if (object.row.content().first() >= end && !together.isEmpty()) {
        put(ranges, together, OffsetRange.of(start, end, Counts.none()));
        start = end;
      }
      end = Math.max(end, object.row.content().last() + 1);
      together.add(object.row);
    }
    put(ranges, together, OffsetRange.of(start, end, Counts.none()));
    return ranges;
  }

  private static void put(
      Map<LedgerRow, OffsetRange> ranges, List<LedgerRow> together, OffsetRange range) {
    together.forEach(row -> ranges.put(row, range));
    together.clear();
  }
}
