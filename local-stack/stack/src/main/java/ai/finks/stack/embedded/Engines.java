package ai.finks.stack.embedded;

import ai.finks.stack.flink.JobCluster;

/** What a home's mode makes of broker, lake and Flink. Each is started once. */
interface Engines extends AutoCloseable {

  /** The engines of a mode. */
  static Engines of(StackConfig config, StackBoard board) {
    return switch (config.mode()) {
      case EMBEDDED -> new EmbeddedEngines(config, board);
      case PROCESSES -> new ProcessEngines(config, board);
    };
  }

  /** Starts the broker and returns where clients find it. */
  String startBroker() throws Exception;

  /** Makes the lake's store ready; its tables come later. */
  void startLake() throws Exception;

  /** Starts Flink. */
  JobCluster startFlink() throws Exception;

  /** Tells who submits jobs, for the case that Flink loses them. */
  void keep(StackJobs jobs);

  /** Ends the jobs as far as that is worth it before their cluster ends. */
  void stopJobs();

  /** Ends everything. */
  @Override
  void close() throws Exception;
}
