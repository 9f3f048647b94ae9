package ai.finks.stack.chaos;

import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.TableSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/** Invariant 5: tables refer to files that are there, and what is there is referred to. */
final class FileVerdict {
  private final Set<String> referred = new TreeSet<>();

  private FileVerdict() {}

  /**
   * @param cleaned whether orphans have been removed, so that none may be left
   */
  static Verdict of(Lake lake, Path lakeRoot, boolean cleaned) {
    FileVerdict verdict = new FileVerdict();
    List<String> findings = new ArrayList<>();
    for (TableSummary table : TableSummary.all(lake)) {
      verdict.add(table.table());
    }
    for (String path : verdict.referred) {
      if (!Files.exists(Path.of(path))) {
        findings.add("a table refers to " + path + ", which is gone");
      }
    }
    if (cleaned) {
      verdict.surplus(lakeRoot).forEach(path -> findings.add("no table refers to " + path));
    }
    return new Verdict(
        5,
        cleaned
            ? "no file is missing, none is left over after seal, expiry and orphan removal"
            : "no file that a table refers to is missing",
        findings);
  }

  private void add(Table table) {
    TableMetadata metadata = ((HasTableOperations) table).operations().current();
    add(metadata.metadataFileLocation());
    metadata.previousFiles().forEach(entry -> add(entry.file()));
    for (Snapshot snapshot : table.snapshots()) {
      add(snapshot.manifestListLocation());
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        if (referred.contains(local(manifest.path()))) {
          continue;
        }
        add(manifest.path());
        try (ManifestReader<DataFile> files = ManifestFiles.read(manifest, table.io())) {
          // Entries of files that a commit removed stand in its manifests, too.
          files.iterator().forEachRemaining(file -> add(file.location()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void add(String location) {
    referred.add(local(location));
  }

  private static String local(String location) {
    return location.startsWith("file:")
        ? Path.of(java.net.URI.create(location)).toString()
        : location;
  }

  private List<String> surplus(Path lakeRoot) {
    try (Stream<Path> files = Files.walk(lakeRoot)) {
      return files
          .filter(Files::isRegularFile)
          .map(Path::toString)
          // Bronze's objects are in the ledger's rows, not in its manifests.
          .filter(path -> !path.contains("/bronze/source="))
          .filter(path -> !referred.contains(path))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
