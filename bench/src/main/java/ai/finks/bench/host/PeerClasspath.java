package ai.finks.bench.host;

import ai.finks.bench.variant.Variants;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The class path of a variant: ours, with what a peer needs beside it, or a peer's alone. */
public final class PeerClasspath {
  private static final String JOBS = "finks-bench";

  private PeerClasspath() {}

  /**
   * A variant's class path.
   *
   * @param folder where the launcher left the peers' class paths, {@code flink-sql.classpath} and
   *     {@code kafka-connect.classpath}
   */
  public static String of(Path folder, String variant) throws IOException {
    List<String> own = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    return switch (variant) {
      case Variants.FLINK_SQL -> joined(own, peer(folder, "flink-sql"));
      case Variants.KAFKA_CONNECT ->
          joined(
              own.stream().filter(PeerClasspath::isBench).toList(), peer(folder, "kafka-connect"));
      default -> String.join(File.pathSeparator, own);
    };
  }

  private static boolean isBench(String entry) {
    return entry.contains(JOBS) || entry.endsWith(Path.of("bench", "target", "classes").toString());
  }

  private static List<String> peer(Path folder, String name) throws IOException {
    Path file = folder.resolve(name + ".classpath");
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          file + " is missing: run the benchmark by ./finks bench, which fetches its peers");
    }
    return List.of(Files.readString(file).trim().split(File.pathSeparator));
  }

  /** The second list's jars come last, and only those that the first does not have by name. */
  private static String joined(List<String> first, List<String> second) {
    Map<String, String> byName = new LinkedHashMap<>();
    Stream.concat(first.stream(), second.stream())
        .forEach(jar -> byName.putIfAbsent(name(jar), jar));
    return String.join(File.pathSeparator, new ArrayList<>(byName.values()));
  }

  private static String name(String jar) {
    return jar.endsWith(".jar") ? Path.of(jar).getFileName().toString() : jar;
  }
}
