package ai.finks.stack.embedded;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.stack.flink.JobCluster;
import org.jspecify.annotations.Nullable;

/** Broker and Flink inside this JVM; the lake is a folder. */
final class EmbeddedEngines implements Engines {
  private final StackConfig config;
  private final StackBoard board;
  private volatile @Nullable EmbeddedBroker broker;
  private volatile @Nullable FlinkCluster flink;

  EmbeddedEngines(StackConfig config, StackBoard board) {
    this.config = config;
    this.board = board;
  }

  @Override
  public String startBroker() {
    EmbeddedBroker started = EmbeddedBroker.start(config.home().kafka(), BrokerConfig.defaults());
    broker = started;
    board.component("kafka", started.bootstrapServers());
    return started.bootstrapServers();
  }

  @Override
  public void startLake() {
    // A folder needs no start.
  }

  @Override
  public JobCluster startFlink() throws Exception {
    FlinkCluster started =
        FlinkCluster.start(
            config.home(), config.slots(), config.parallelism(), config.checkpointInterval());
    flink = started;
    board.component("flink", started.restUrl().toString());
    return started;
  }

  @Override
  public void keep(StackJobs jobs) {
    // What loses this Flink's jobs ends this process too.
  }

  @Override
  public void stopJobs() {
    // They end with their cluster; what they had not committed is read again in no time.
  }

  @Override
  public void close() throws Exception {
    FlinkCluster cluster = flink;
    if (cluster != null) {
      cluster.close();
    }
    EmbeddedBroker last = broker;
    if (last != null) {
      last.close();
    }
  }
}
