package ai.finks.flink.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Puts what was rebuilt in place of what a table holds, in one commit. Readers see the one or the
 * other; the files of before stay until their snapshots expire.
 *
 * <p>Assumptions that its correctness rests on:
 *
 * <ul>
 *   <li>The rebuilt table's files lie below the root of the table that takes them.
 *   <li>No live job of the entity runs. One that does is fenced by this commit's writer id.
 *   <li>The rebuilt table has come at least as far as the other one, else nothing is replaced.
 * </ul>
 */
public final class TableReplacement {
  /** Which rebuild a snapshot is of. */
  public static final String REBUILD_ID = "finks.rebuild-id";

  /** Property of a table that took a rebuild's rows, for one entity of it if it has several. */
  private static final String LAST_REBUILD = "finks.last-rebuild-id";

  private final Table rebuilt;
  private final Carrier carrier;
  private final CommitOrigin origin;
  private final String rebuildId;

  /**
   * @param rebuilt at the state that is to be seen
   * @param origin of the pipeline's job, with a writer id of its own
   */
  public TableReplacement(Table rebuilt, CommitOrigin origin, String rebuildId) {
    this.rebuilt = rebuilt;
    this.carrier =
        Carrier.newest(RecordedOffsets.metadata(rebuilt))
            .orElseThrow(() -> new IllegalArgumentException(rebuilt.name() + " was never written"));
    this.origin = origin;
    this.rebuildId = rebuildId;
  }

  /**
   * Whether the table has taken the rebuild of that id. It is never taken a second time: what the
   * rebuild staged is the table's since then, and may have been replaced and deleted.
   */
  public static boolean isThere(Table table, String rebuildId) {
    return isThere(RecordedOffsets.metadata(table), rebuildId);
  }

  /** Whether nothing was committed to the table since it took the rebuild of that id. */
  public static boolean isNewest(Table table, String rebuildId) {
    Snapshot newest = table.currentSnapshot();
    return newest != null && rebuildId.equals(newest.summary().get(REBUILD_ID));
  }

  private static boolean isThere(TableMetadata base, String rebuildId) {
    // Snapshots expire, properties do not.
    boolean isLast =
        base.properties().entrySet().stream()
            .anyMatch(
                property ->
                    property.getKey().startsWith(LAST_REBUILD)
                        && property.getValue().equals(rebuildId));
    return isLast || isAncestor(base, rebuildId);
  }

  private static boolean isAncestor(TableMetadata base, String rebuildId) {
    Snapshot snapshot = base.currentSnapshot();
    while (snapshot != null) {
      if (rebuildId.equals(snapshot.summary().get(REBUILD_ID))) {
        return true;
      }
      Long parent = snapshot.parentId();
      snapshot = parent == null ? null : base.snapshot(parent);
    }
    return false;
  }

  /**
   * Replaces all of a table. What it held before is not read: its files may be gone.
   *
   * @throws JobStoppedException if the table has come further than the rebuilt one
   */
  public FencedAppend.Outcome replaceAll(Table table) {
    TableOperations operations = ((HasTableOperations) table).operations();
    TableMetadata base = operations.refresh();
    if (isThere(base, rebuildId)) {
      return FencedAppend.Outcome.ALREADY_THERE;
    }
    requireAsFar(table.name(), recorded(base));
    AppendFiles append =
        new BaseTable(
                new EmptiedTableOperations(
                    new MarkingTableOperations(operations, LAST_REBUILD, rebuildId), base),
                table.name())
            .newAppend();
    files().forEach(append::appendFile);
    say(append, carrier.offsets(), carrier.counts());
    append.commit();
    return FencedAppend.Outcome.COMMITTED;
  }

  /**
   * Replaces the rows of one entity in a table that several share, and what the table says of that
   * entity's streams. Commits of others beside it stay.
   *
   * @param topics those that feed the entity
   * @throws JobStoppedException if the table has come further than the rebuilt one
   */
  public FencedAppend.Outcome replaceEntity(Table table, String entity, List<String> topics) {
    return FencedAppend.commit(
        table.name(),
        new MarkingTableOperations(
            ((HasTableOperations) table).operations(), LAST_REBUILD + "." + entity, rebuildId),
        new EntityFence(table.name(), topics),
        (operations, fence, base) -> {
          Table fenced = new BaseTable(new FencedTableOperations(operations, fence), table.name());
          OverwriteFiles overwrite = fenced.newOverwrite();
          files(fenced, Expressions.equal("entity", entity)).forEach(overwrite::deleteFile);
          files().forEach(overwrite::addFile);
          Snapshot current = base.currentSnapshot();
          if (current != null) {
            overwrite
                .validateFromSnapshot(current.snapshotId())
                .conflictDetectionFilter(Expressions.equal("entity", entity))
                .validateNoConflictingData();
          }
          say(overwrite, fence.offsetsAfter(base), fence.countsAfter(base));
          return overwrite;
        });
  }

  private List<DataFile> files() {
    return files(rebuilt, Expressions.alwaysTrue());
  }

  private static List<DataFile> files(Table table, Expression filter) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().filter(filter).includeColumnStats().planFiles()) {
      tasks.forEach(task -> files.add(task.file().copy()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private void say(
      SnapshotUpdate<?> update,
      Map<StreamPartition, Long> offsets,
      Map<StreamPartition, Counts> counts) {
    update.set(CommitKind.KEY, CommitKind.REBUILD);
    update.set(REBUILD_ID, rebuildId);
    update.set(Carrier.OFFSETS, Carrier.offsetsJson(offsets));
    update.set(Carrier.COUNTS, Carrier.countsJson(counts));
    update.set(Carrier.WRITER_ID, origin.writerId());
    update.set(Carrier.JOB, origin.job());
    update.set(Carrier.CHECKPOINT_ID, Long.toString(origin.checkpointId()));
  }

  /** Where a table stands; nowhere if its snapshots do not say, which a rebuild mends. */
  public static SortedMap<StreamPartition, Long> recorded(Table table) {
    return recorded(RecordedOffsets.metadata(table));
  }

  private static SortedMap<StreamPartition, Long> recorded(TableMetadata base) {
    return Carrier.newestSnapshot(base) == null
        ? new TreeMap<>()
        : new TreeMap<>(RecordedOffsets.of(base));
  }

  private void requireAsFar(String table, Map<StreamPartition, Long> recorded) {
    List<String> ahead = new ArrayList<>();
    recorded.forEach(
        (partition, offset) -> {
          long has = carrier.offsets().getOrDefault(partition, 0L);
          if (has < offset) {
            ahead.add(partition + " at " + offset + ", rebuilt up to " + has);
          }
        });
    if (!ahead.isEmpty()) {
      throw new JobStoppedException(
          "Table "
              + table
              + " has come further than what was rebuilt of it, and stays as it is: "
              + String.join("; ", ahead));
    }
  }

  /** Lets others commit beside, but none of the entity's own. */
  private final class EntityFence implements Fence {
    private final String table;
    private final List<String> topics;

    EntityFence(String table, List<String> topics) {
      this.table = table;
      this.topics = topics;
    }

    @Override
    public Verdict judge(TableMetadata base) {
      if (isThere(base, rebuildId)) {
        return Verdict.ALREADY_THERE;
      }
      SortedMap<StreamPartition, Long> recorded = recorded(base);
      recorded.keySet().removeIf(partition -> !topics.contains(partition.topic()));
      requireAsFar(table, recorded);
      return Verdict.COMMIT;
    }

    @Override
    public SortedMap<StreamPartition, Long> offsetsAfter(TableMetadata base) {
      return after(recorded(base), carrier.offsets());
    }

    @Override
    public SortedMap<StreamPartition, Counts> countsAfter(TableMetadata base) {
      Snapshot newest = Carrier.newestSnapshot(base);
      return after(
          newest == null ? new TreeMap<>() : Carrier.of(newest).counts(), carrier.counts());
    }

    private <T> SortedMap<StreamPartition, T> after(
        Map<StreamPartition, T> all, Map<StreamPartition, T> ofEntity) {
      SortedMap<StreamPartition, T> after = new TreeMap<>(all);
      after.keySet().removeIf(partition -> topics.contains(partition.topic()));
      after.putAll(ofEntity);
      return after;
    }
  }

  /** A table without its content: a commit to it begins a history of its own. */
  static TableMetadata emptied(TableMetadata base) {
    return TableMetadata.buildFrom(base).removeRef(SnapshotRef.MAIN_BRANCH).build();
  }
}
