package ai.finks.flink.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** Every file that a table's metadata leads to: by any snapshot that is left, tagged or not. */
final class ReferencedFiles {
  private final Set<String> locations = new HashSet<>();
  private final Set<String> manifests = new HashSet<>();

  /** Adds those of a table as it is now. */
  void add(Table table) {
    table.refresh();
    ReachableFileUtil.metadataFileLocations(table, false).forEach(this::add);
    ReachableFileUtil.manifestListLocations(table).forEach(this::add);
    ReachableFileUtil.statisticsFilesLocations(table).forEach(this::add);
    add(ReachableFileUtil.versionHintLocation(table));
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        if (manifests.add(manifest.path())) {
          add(manifest.path());
          addFilesOf(manifest, table);
        }
      }
    }
  }

  private void addFilesOf(ManifestFile manifest, Table table) {
    try (CloseableIterable<String> paths = ManifestFiles.readPaths(manifest, table.io())) {
      paths.forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(@Nullable String location) {
    // Metadata that was never written down has no place.
    if (location != null) {
      locations.add(normalised(location));
    }
  }

  boolean contains(String location) {
    return locations.contains(normalised(location));
  }

  /** One writing for a place, whoever wrote it down: {@code file:///x} is {@code /x}. */
  static String normalised(String location) {
    String plain = location.replaceFirst("^file:/*(?=/)", "");
    return plain.replaceFirst("^s3[an]:", "s3:");
  }
}
