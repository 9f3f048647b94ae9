package ai.finks.stack.chaos;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The classes of nodes, parsed once and mapped by every node after that: a third of a start.
 *
 * <p>The JVM shares classes of jars only, and only under one class path. Folders of classes, which
 * builds put there, are therefore packed into jars first.
 */
final class NodeArchive {
  private final Path archive;
  private final String classPath;

  private NodeArchive(Path folder, String classPath) {
    this.archive = folder.resolve("nodes.jsa");
    this.classPath = classPath;
  }

  /**
   * The archive of this process's classes.
   *
   * @param folder that archives and jars are kept in, by what they are made of
   */
  static NodeArchive of(Path folder) {
    String given = System.getProperty("java.class.path");
    Path own = folder.resolve(Integer.toHexString(stamp(given)));
    String classPath = jarsOnly(own, given);
    return new NodeArchive(own, classPath);
  }

  /** Changes with every file that classes come from. */
  private static int stamp(String classPath) {
    int stamp = System.getProperty("java.vm.version").hashCode();
    for (String entry : entries(classPath)) {
      for (Path file : filesOf(Path.of(entry))) {
        File each = file.toFile();
        stamp =
            31 * (31 * (31 * stamp + file.hashCode()) + Long.hashCode(each.lastModified()))
                + Long.hashCode(each.length());
      }
    }
    return stamp;
  }

  /** An empty one would mean the working folder. */
  private static List<String> entries(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isBlank())
        .toList();
  }

  private static List<Path> filesOf(Path entry) {
    if (!Files.exists(entry)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(entry)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class path, to be given as it is. */
  String classPath() {
    return classPath;
  }

  boolean isThere() {
    return Files.isRegularFile(archive);
  }

  /** The option of a JVM that maps the classes. */
  String mapped() {
    return "-XX:SharedArchiveFile=" + archive;
  }

  /** The option of a JVM that writes them when it ends. */
  String written() {
    return "-XX:ArchiveClassesAtExit=" + archive;
  }

  private static String jarsOnly(Path folder, String classPath) {
    List<String> jars = new ArrayList<>();
    for (String entry : entries(classPath)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        jars.add(pack(path, folder.resolve("classes-" + jars.size() + ".jar")).toString());
      } else if (Files.isRegularFile(path)) {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Path pack(Path classes, Path jar) {
    if (Files.exists(jar)) {
      return jar;
    }
    try {
      Files.createDirectories(jar.getParent());
      Path unfinished = jar.resolveSibling(jar.getFileName() + ".tmp");
      try (OutputStream out = Files.newOutputStream(unfinished);
          JarOutputStream entries = new JarOutputStream(out)) {
        entries.setLevel(0);
        for (Path file : filesOf(classes)) {
          String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
          if (!name.equals("META-INF/MANIFEST.MF")) {
            entries.putNextEntry(new JarEntry(name));
            Files.copy(file, entries);
            entries.closeEntry();
          }
        }
      }
      return Files.move(unfinished, jar, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
