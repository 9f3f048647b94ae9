package ai.finks.adapters.files;

import ai.finks.adapters.core.Settings;
import ai.finks.adapters.journal.RunSummary;
import ai.finks.adapters.journal.RunUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Which files to take, and as what. Immutable.
 *
 * @param binding the binding's name, {@code source.entity}
 * @param paths absolute, in the order in which they are sent; no doubles
 * @param maxRecordBytes a longer line or element is reported, not sent
 */
public record FilesRequest(String binding, List<Path> paths, int maxRecordBytes) {
  /** Bound of a record unless another one is given. */
  public static final int DEFAULT_MAX_RECORD_BYTES = 16 << 20;

  public FilesRequest {
    paths =
        new LinkedHashSet<>(paths)
            .stream().map(path -> path.toAbsolutePath().normalize()).distinct().toList();
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("files needs at least one path");
    }
  }

  /** Takes files as a binding says. */
  public static FilesRequest of(String binding, List<Path> paths) {
    return new FilesRequest(binding, paths, DEFAULT_MAX_RECORD_BYTES);
  }

  /**
   * What a run was started with.
   *
   * @throws IllegalArgumentException when it is not a run over files
   */
  public static FilesRequest ofRun(RunSummary run) {
    if (!run.adapter().equals(FileAdapter.NAME)) {
      throw new IllegalArgumentException(run.runId() + " is a run of " + run.adapter());
    }
    Settings settings = new Settings(FileAdapter.NAME, run.args());
    FilesRequest request =
        new FilesRequest(
            settings.required("binding"),
            settings.required("paths").lines().map(Path::of).toList(),
            settings.number("max-record-bytes", DEFAULT_MAX_RECORD_BYTES, 8));
    settings.refuseTheRest();
    return request;
  }

  Map<String, String> args() {
    return Map.of(
        "binding", binding,
        "paths", String.join("\n", paths.stream().map(Path::toString).toList()),
        "max-record-bytes", String.valueOf(maxRecordBytes));
  }

  /**
   * One unit per file, with what it is known again by.
   *
   * @throws IllegalArgumentException when there is no such file
   */
  List<RunUnit> units() {
    return paths.stream().map(FilesRequest::unit).toList();
  }

  private static RunUnit unit(Path path) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new IllegalArgumentException(
          path
              + (Files.isDirectory(path)
                  ? " is a folder; name its files"
                  : " is not a file that can be read"));
    }
    try {
      return new RunUnit(
          path.getFileName().toString(),
          Map.of(
              "path",
              path.toString(),
              "bytes",
              String.valueOf(Files.size(path)),
              "modified",
              Files.getLastModifiedTime(path).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** True if a unit's file is still the one that the run began with. */
  static boolean unchanged(RunUnit unit) {
    Path path = Path.of(String.valueOf(unit.parameters().get("path")));
    return Files.isRegularFile(path) && unit(path).equals(unit);
  }
}
