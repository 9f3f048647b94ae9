package ai.finks.stack.chaos;

import ai.finks.stack.home.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes for runs, one always started ahead: who loses a node need not wait for the next. */
final class NodePool implements AutoCloseable {
  private static final String HEAP = "-Xmx512m";

  private final Path folder;
  private final NodeArchive archive;
  private final List<NodeProcess> all = new ArrayList<>();
  private @Nullable NodeProcess ahead;
  private int started;

  /**
   * @param folder for scratch files and logs of the nodes
   */
  NodePool(Path folder, NodeArchive archive) {
    this.folder = folder;
    this.archive = archive;
  }

  /** A node that nobody has, and the start of the one after it. */
  NodeProcess take() {
    NodeProcess taken = ahead == null ? start(javaCommand()) : ahead;
    // What the first one loads is written down for all others, so these wait for it.
    ahead = archive.isThere() ? start(javaCommand()) : null;
    return taken;
  }

  /** Gives a node back that has nothing to do any more. */
  void giveBack(NodeProcess node) {
    if (!archive.isThere()) {
      node.end();
    } else if (ahead == null) {
      ahead = node;
    } else {
      node.kill();
    }
  }

  private NodeProcess start(List<String> java) {
    java.add(1, ProcessIdentity.mark("stack"));
    if (!archive.isThere()) {
      java.add(2, archive.written());
    }
    try {
      NodeProcess node = NodeProcess.start(folder.resolve("node-" + ++started), java);
      all.add(node);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Java on this process's classes, for whatever runs beside it; a class is to follow. */
  List<String> javaCommand() {
    List<String> options = new ArrayList<>();
    options.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    options.add(HEAP);
    options.add("-XX:TieredStopAtLevel=1");
    options.add("-XX:+UseSerialGC");
    options.add("-Xshare:auto");
    // Nothing but answers may come out of a node, not even a word about its archive.
    options.add("-Xlog:disable");
    if (archive.isThere()) {
      options.add(archive.mapped());
    }
    options.add("-Dlogback.configurationFile=ai/finks/stack/logback-stack.xml");
    for (String opened :
        List.of("lang", "util", "nio", "net", "time", "math", "text", "util.concurrent")) {
      options.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
    }
    options.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    options.add("-cp");
    options.add(archive.classPath());
    return options;
  }

  @Override
  public void close() {
    all.forEach(NodeProcess::close);
  }
}
