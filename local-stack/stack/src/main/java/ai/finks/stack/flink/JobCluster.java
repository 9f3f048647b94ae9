package ai.finks.stack.flink;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/** A Flink cluster that runs the stack's jobs; jobs go by Flink's ids in hexadecimal. */
public interface JobCluster extends AutoCloseable {

  /** Flink's REST API. */
  URI restUrl();

  /**
   * Submits a job and returns its id.
   *
   * @param name {@code silver} or {@code bronze}
   * @param settings the job's configuration
   * @param savepoint where the job goes on from; state of operators that it has no more is left out
   */
  String submit(String name, Map<String, String> settings, @Nullable String savepoint)
      throws Exception;

  /**
   * Ends a job behind a savepoint; when this returns, it is committed what it read.
   *
   * @return where the savepoint is
   */
  String stop(String job, Path folder) throws Exception;

  /** Ends a job at once, unless it has ended. */
  void cancel(String job) throws Exception;

  /** A job's state. */
  JobStatus status(String job) throws Exception;

  /** Whether every task of the job runs. */
  boolean isRunning(String job) throws Exception;

  /** Why a job failed last, or an empty text. */
  String failureOf(String job) throws Exception;
}
