package ai.finks.flink.bronze;

import ai.finks.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A broker and a Flink cluster, which take longer to start than a test does. */
final class BronzeServers implements AutoCloseable {
  private final EmbeddedBroker broker;
  private final MiniCluster cluster;

  private BronzeServers(EmbeddedBroker broker, MiniCluster cluster) {
    this.broker = broker;
    this.cluster = cluster;
  }

  static BronzeServers start(Path folder) throws Exception {
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(clusterConfiguration())
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .build());
    cluster.start();
    return new BronzeServers(EmbeddedBroker.start(folder), cluster);
  }

  private static Configuration clusterConfiguration() {
    return Configuration.fromMap(
        Map.of(
            "rest.address", "localhost",
            "rest.bind-address", "localhost",
            "rest.bind-port", "0",
            "taskmanager.memory.network.min", "32mb",
            "taskmanager.memory.network.max", "32mb"));
  }

  EmbeddedBroker broker() {
    return broker;
  }

  MiniCluster cluster() {
    return cluster;
  }

  @Override
  public void close() throws Exception {
    cluster.close();
    broker.close();
  }
}
