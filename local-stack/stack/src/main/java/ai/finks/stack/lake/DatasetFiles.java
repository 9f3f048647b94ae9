package ai.finks.stack.lake;

import ai.finks.stack.home.FinksHome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The data files of one dataset, as they lie in the lake; a table's metadata and what serves the
 * platform itself (the ledger, marks, accounting) do not count.
 *
 * @param folder the dataset's folder below the lake, such as {@code silver/entity=bars}
 * @param files how many data files lie in it, at least one
 * @param bytes how many bytes they have together
 * @param example the last of them in the order of paths, below the dataset's folder
 */
public record DatasetFiles(Path folder, long files, long bytes, Path example) {
  /** The zones in the order of a record's way. */
  private static final List<String> ZONES = List.of("bronze", "silver", "quarantine", "gold");

  /** How names begin that are not for readers. */
  private static final Set<Character> HIDDEN = Set.of('.', '_');

  private static final Path METADATA = Path.of("metadata");

  /** What lies in a home's lake: by zone, then by folder; nothing if there is no lake. */
  public static List<DatasetFiles> in(FinksHome home) throws IOException {
    LakePlace place = LakePlace.of(home);
    List<DatasetFiles> found = new ArrayList<>();
    try (FileIO files = place.open()) {
      for (String zone : ZONES) {
        found.addAll(in(place.root(), zone, (SupportsPrefixOperations) files));
      }
    }
    return found;
  }

  private static Collection<DatasetFiles> in(
      String root, String zone, SupportsPrefixOperations files) throws IOException {
    SortedMap<Path, DatasetFiles> found = new TreeMap<>();
    try {
      for (FileInfo info : files.listPrefix(root + "/" + zone + "/")) {
        // A file system may name its scheme before the root.
        int below = info.location().indexOf(root) + root.length() + 1;
        Path file = Path.of(info.location().substring(below));
        if (isData(file)) {
          Path dataset = dataset(file);
          found.merge(
              dataset,
              new DatasetFiles(dataset, 1, info.size(), dataset.relativize(file)),
              DatasetFiles::plus);
        }
      }
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof FileNotFoundException)) {
        throw e.getCause();
      }
    }
    return found.values();
  }

  private DatasetFiles plus(DatasetFiles other) {
    return new DatasetFiles(
        folder,
        files + other.files,
        bytes + other.bytes,
        example.compareTo(other.example) >= 0 ? example : other.example);
  }

  private static boolean isData(Path file) {
    return Stream.of(names(file))
        .noneMatch(name -> name.equals(METADATA) || HIDDEN.contains(name.toString().charAt(0)));
  }

  /** A dataset ends where its periods begin. */
  private static Path dataset(Path file) {
    Path[] names = names(file);
    Path dataset = names[0];
    for (int i = 1; i < names.length - 1 && !names[i].toString().startsWith("year="); i++) {
      dataset = dataset.resolve(names[i]);
    }
    return dataset;
  }

  private static Path[] names(Path file) {
    Path[] names = new Path[file.getNameCount()];
    for (int i = 0; i < names.length; i++) {
      names[i] = file.getName(i);
    }
    return names;
  }
}
