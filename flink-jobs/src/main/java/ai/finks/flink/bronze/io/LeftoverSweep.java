package ai.finks.flink.bronze.io;

import ai.finks.flink.bronze.core.ObjectName;
import ai.finks.flink.table.OpenUploads;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.fs.FileStatus;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what killed or fenced writers left in Bronze: objects that became visible without
 * reaching the ledger, files that never became visible, and uploads that were begun and not ended.
 *
 * <p>A file is dead when the ledger does not have it and stands beyond the file's first offset: the
 * fence lets a range in only where the ledger stands at its start, so no commit can ever bring this
 * file, whoever would make it. Nothing else is deleted. The rule needs no clock and holds beside
 * other copies of the job, which is why a sweep follows a commit instead of coming before reading:
 * what is left beyond the ledger is read again by the restarted job, comes to the same folders
 * (they follow from the records), and so is met there when the ledger has passed it.
 *
 * <p>Only folders that a commit touches are listed, each once per attempt of the job, and only
 * files named after this job's topics are looked at. Memory: the names of the folders, and of the
 * files in them that are not dead yet.
 */
final class LeftoverSweep {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoverSweep.class);
  private static final int MAX_REMEMBERED_FOLDERS = 10_000;

  /** Between the store, which says when uploads were begun, and this process. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

  private final ObjectFiles files;
  private final Set<String> topics;
  private final Instant earlierUploads;
  private final Set<String> listed = new HashSet<>();
  private final Set<String> uploadFolders = new HashSet<>();
  private final Map<String, ObjectName> suspects = new HashMap<>();

  /**
   * @param begun when this attempt of the job began
   */
  LeftoverSweep(ObjectFiles files, Collection<String> topics, Instant begun) {
    this.files = files;
    this.topics = Set.copyOf(topics);
    this.earlierUploads = begun.plus(CLOCK_DIFFERENCE);
  }

  /**
   * Looks at the folders of the commits that brought the ledger to where it stands: a job killed
   * between its commit and the sweep may never come to these folders again.
   */
  void atStart(Table table) throws IOException {
    Map<StreamPartition, Long> recorded = RecordedOffsets.of(table);
    for (String folder : foldersOfNewestCommits(table, recorded)) {
      list(folder);
    }
    deleteDead(table, recorded);
  }

  /**
   * Looks at the folders of a commit after it was decided.
   *
   * @param table the ledger, refreshed
   * @param objects of this commit
   * @param entered whether the ledger now has them
   */
  void afterCommit(Table table, List<PendingObject> objects, boolean entered) throws IOException {
    Map<StreamPartition, Long> recorded = RecordedOffsets.of(table);
    Set<String> folders = new TreeSet<>();
    objects.forEach(object -> folders.add(object.folder()));
    for (String folder : folders) {
      list(folder);
    }
    if (entered) {
      objects.forEach(object -> suspects.remove(object.path()));
    }
    deleteDead(table, recorded);
  }

  /** Removes visible objects whose commit was refused for good. */
  void withdraw(Table table, List<PendingObject> objects) throws IOException {
    for (PendingObject object : objects) {
      String fileName = object.path().substring(object.folder().length() + 1);
      ObjectName.parse(fileName).ifPresent(name -> suspects.put(object.path(), name));
    }
    deleteDead(table, RecordedOffsets.of(table));
  }

  private Set<String> foldersOfNewestCommits(Table table, Map<StreamPartition, Long> recorded)
      throws IOException {
    Map<StreamPartition, Long> mine = new HashMap<>(recorded);
    mine.keySet().removeIf(partition -> !topics.contains(partition.topic()));
    Set<String> folders = new HashSet<>();
    for (String path : Ledger.newestPaths(table, mine)) {
      folders.add(path.substring(0, path.lastIndexOf('/')));
    }
    return folders;
  }

  private void list(String folder) throws IOException {
    if (listed.size() >= MAX_REMEMBERED_FOLDERS) {
      listed.clear();
      uploadFolders.clear();
    }
    if (!listed.add(folder)) {
      return;
    }
    uploadFolders.add(folder);
    for (FileStatus file : files.list(folder)) {
      String fileName = file.getPath().getName();
      Optional<ObjectName> name =
          ObjectName.parse(fileName).or(() -> ObjectName.parseInProgress(fileName));
      if (!file.isDir() && name.isPresent() && topics.stream().anyMatch(name.get()::isOf)) {
        suspects.put(folder + "/" + fileName, name.get());
      }
    }
  }

  private void deleteDead(Table table, Map<StreamPartition, Long> recorded) throws IOException {
    Map<String, Set<String>> inLedger = new HashMap<>();
    Iterator<Map.Entry<String, ObjectName>> each = suspects.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, ObjectName> suspect = each.next();
      if (!isPassed(suspect.getValue(), recorded)) {
        continue;
      }
      each.remove();
      String path = suspect.getKey();
      String folder = path.substring(0, path.lastIndexOf('/'));
      if (!inLedger.containsKey(folder)) {
        inLedger.put(folder, Ledger.pathsIn(table, folder));
      }
      if (!inLedger.get(folder).contains(path)) {
        LOG.info("Removing {}, which no commit of the ledger can hold", path);
        files.delete(path);
      }
    }
    uploadFolders.removeIf(folder -> !mayLeaveUploads(table, folder, recorded));
  }

  /**
   * Aborts uploads that the ledger has passed: they bring nothing, even if their objects are in the
   * ledger. A folder is looked at again only for those of an earlier attempt, as this one ends its
   * own; so an undisturbed job asks once per folder.
   */
  private boolean mayLeaveUploads(Table table, String folder, Map<StreamPartition, Long> recorded) {
    Set<String> waiting = new HashSet<>();
    try {
      OpenUploads.abort(
          table.io(),
          files.location(folder),
          (path, begun) -> {
            Optional<ObjectName> mine =
                ObjectName.parse(path).filter(name -> topics.stream().anyMatch(name::isOf));
            boolean passed = mine.isPresent() && isPassed(mine.get(), recorded);
            if (mine.isPresent() && !passed && begun.isBefore(earlierUploads)) {
              waiting.add(path);
            }
            return passed;
          });
    } catch (RuntimeException e) {
      // Housekeeping: what is left costs space, and no failure of it may end the job.
      LOG.warn("Uploads below {} were not looked through", folder, e);
    }
    return !waiting.isEmpty();
  }

  /**
   * Whether the ledger stands beyond the first offset, in every generation of the topic: the name
   * does not say to which one the file belongs.
   */
  private static boolean isPassed(ObjectName name, Map<StreamPartition, Long> recorded) {
    long lowest = Long.MAX_VALUE;
    for (Map.Entry<StreamPartition, Long> entry : recorded.entrySet()) {
      StreamPartition partition = entry.getKey();
      if (partition.partition() == name.partition() && name.isOf(partition.topic())) {
        lowest = Math.min(lowest, entry.getValue());
      }
    }
    return lowest != Long.MAX_VALUE && name.first() < lowest;
  }
}
