package ai.finks.stack.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.jspecify.annotations.Nullable;

/**
 * Flink's file systems in this JVM, made to reach a lake behind an S3 API: a cluster finds the
 * plugin by itself, a command that reads Bronze does not. They are the JVM's, so the last lake that
 * was opened is the one they reach.
 */
final class FlinkFiles {
  private static @Nullable LakePlace reached;

  private FlinkFiles() {}

  /** Does nothing for a folder, and for the lake that is reached already. */
  static synchronized void reach(LakePlace place) {
    String plugins = place.plugins();
    if (place.isFolder() || plugins == null || place.equals(reached)) {
      return;
    }
    Configuration settings = Configuration.fromMap(place.flinkFiles());
    try {
      FileSystem.initialize(
          settings,
          new DefaultPluginManager(
              new DirectoryBasedPluginFinder(Path.of(plugins)).findPlugins(),
              CoreOptions.getPluginParentFirstLoaderPatterns(settings)));
    } catch (IOException e) {
      throw new UncheckedIOException("No plugin for S3 in " + plugins, e);
    }
    reached = place;
  }
}
