package ai.finks.flink.table;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * Tags that keep a snapshot and all after it from expiry, for who will replace periods of it: what
 * happened since must still be told when the replacement is committed. Their names begin with
 * {@code seal-} or {@code replay-}.
 */
public final class SnapshotHold {
  private static final int ATTEMPTS = 20;

  private SnapshotHold() {}

  /**
   * Holds a snapshot until {@link #release}, or for so long at most.
   *
   * @param clock says from when on
   * @throws IllegalArgumentException if the name is none of a hold
   */
  public static void take(Table table, String name, long snapshotId, Duration atMost, Clock clock) {
    if (!isHold(name)) {
      throw new IllegalArgumentException("A hold is named seal-… or replay-…, not " + name);
    }
    Snapshot snapshot = table.snapshot(snapshotId);
    // A tag's age is its snapshot's, which may be old already.
    long age = Math.max(0, clock.millis() - snapshot.timestampMillis());
    changeTags(
        table,
        change -> {
          if (table.refs().containsKey(name)) {
            change.removeTag(name);
          }
          change.createTag(name, snapshotId).setMaxRefAgeMs(name, age + atMost.toMillis());
        });
  }

  /** Lets go; does nothing if it is not held. */
  public static void release(Table table, String name) {
    table.refresh();
    changeTags(
        table,
        change -> {
          if (table.refs().containsKey(name)) {
            change.removeTag(name);
          }
        });
  }

  /**
   * Lets go of everything that is held under names of a beginning, for who knows that those who
   * took it are dead.
   */
  public static void releaseAll(Table table, String beginning) {
    table.refresh();
    if (table.refs().keySet().stream().noneMatch(name -> name.startsWith(beginning))) {
      return;
    }
    changeTags(
        table,
        change ->
            table.refs().keySet().stream()
                .filter(SnapshotHold::isHold)
                .filter(name -> name.startsWith(beginning))
                .collect(Collectors.toList())
                .forEach(change::removeTag));
  }

  /**
   * Iceberg makes a change of tags again on the state that it began with, so a commit that comes in
   * between fails it for good; here it is begun anew.
   */
  private static void changeTags(Table table, Consumer<ManageSnapshots> tags) {
    for (int attempt = 1; ; attempt++) {
      ManageSnapshots change = table.manageSnapshots();
      tags.accept(change);
      try {
        change.commit();
        return;
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        table.refresh();
      }
    }
  }

  /** The time of the oldest snapshot that is held. */
  static OptionalLong oldest(TableMetadata metadata, long nowMillis) {
    return metadata.refs().entrySet().stream()
        .filter(ref -> isHold(ref.getKey()))
        .filter(ref -> isYoung(metadata, ref, nowMillis))
        .mapToLong(ref -> metadata.snapshot(ref.getValue().snapshotId()).timestampMillis())
        .min();
  }

  private static boolean isYoung(
      TableMetadata metadata, Map.Entry<String, SnapshotRef> ref, long nowMillis) {
    Long most = ref.getValue().maxRefAgeMs();
    long taken = metadata.snapshot(ref.getValue().snapshotId()).timestampMillis();
    return most == null || nowMillis - taken <= most;
  }

  private static boolean isHold(String name) {
    return name.startsWith("seal-") || name.startsWith("replay-");
  }
}
