package ai.finks.stack.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The stack's Flink jobs, as they are replaced by others with other contracts. */
interface RunningJobs {
  /** Instead of a savepoint: the job goes on from where its tables stand. */
  String FROM_TABLES = "";

  /**
   * Ends a job behind a savepoint: all that it read is committed.
   *
   * @return where the savepoint is
   * @throws Exception when it cannot; then the job goes on
   */
  String stop(String job) throws Exception;

  /**
   * Starts jobs and waits until they run.
   *
   * @param schemas the folder of their contracts and bindings
   * @param savepoints the jobs' names, each with the savepoint that it goes on from, or with {@link
   *     #FROM_TABLES}
   */
  void start(Path schemas, Map<String, String> savepoints) throws Exception;

  /** Starts a job from where its tables stand, and waits until it runs. */
  void start(String job, Path schemas) throws Exception;

  /** Ends what was started of these jobs, at once; those that do not run are left out. */
  void cancel(Set<String> jobs) throws Exception;
}
