package ai.finks.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** Kafka's storage directory: formatted once, its cluster id read back ever after. */
final class LogDirectory {
  private LogDirectory() {}

  /** Formats {@code directory} unless it is formatted, and returns its cluster id. */
  static String format(Path directory) throws IOException {
    Path properties = directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME);
    if (Files.exists(properties)) {
      return clusterIdOf(properties);
    }
    String clusterId = Uuid.randomUuid().toString();
    Formatter formatter =
        new Formatter()
            .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
            .setClusterId(clusterId)
            .setNodeId(BrokerSettings.NODE_ID)
            .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
            .setMetadataLogDirectory(directory.toString())
            .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
            .addDirectory(directory.toString());
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Kafka's formatter declares nothing narrower.
      throw new IOException("Cannot format " + directory, e);
    }
    return clusterId;
  }

  private static String clusterIdOf(Path file) throws IOException {
    Properties properties = Utils.loadProps(file.toString());
    String clusterId = properties.getProperty("cluster.id");
    if (clusterId == null) {
      throw new IOException(file + " names no cluster.id; remove the directory to start afresh");
    }
    return clusterId;
  }
}
