package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.stack.Checkout;
import ai.finks.stack.flink.JobCluster;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jobs run, whatever befalls Flink while some of them are to stand still. */
class StackJobsTest {
  private static final Path SCHEMAS = Checkout.root().resolve("schemas");

  @TempDir Path folder;
  private final Cluster cluster = new Cluster();
  private StackJobs jobs;

  /** A cluster whose jobs run at once; they are named by the job and a number. */
  private static final class Cluster implements JobCluster {
    private final Set<String> running = new TreeSet<>();
    private final List<String> submitted = new ArrayList<>();
    private boolean cancels = true;

    @Override
    public URI restUrl() {
      return URI.create("http://127.0.0.1:1");
    }

    @Override
    public String submit(String name, Map<String, String> settings, @Nullable String savepoint) {
      String job = name + "-" + submitted.size();
      submitted.add(job);
      running.add(job);
      return job;
    }

    @Override
    public String stop(String job, Path savepoints) {
      running.remove(job);
      return "savepoint";
    }

    @Override
    public void cancel(String job) throws TimeoutException {
      if (!cancels) {
        throw new TimeoutException("Job " + job + " does not end");
      }
      running.remove(job);
    }

    @Override
    public JobStatus status(String job) {
      return running.contains(job) ? JobStatus.RUNNING : JobStatus.CANCELED;
    }

    @Override
    public boolean isRunning(String job) {
      return running.contains(job);
    }

    @Override
    public String failureOf(String job) {
      return "";
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void bothRun() throws Exception {
    FinksHome home = FinksHome.at(folder);
    home.create();
    StackConfig config = StackConfig.of(Checkout.root(), home);
    StackBoard board = new StackBoard(home, StackRecord.starting("2026-01-05T10:00:00Z"));
    jobs = new StackJobs(config, cluster, board, "127.0.0.1:1", URI.create("http://127.0.0.1:2"));
    jobs.start(SCHEMAS);
  }

  @Test
  void jobThatIsPausedStaysSoWhenFlinkLosesItsJobs() throws Exception {
    jobs.cancel(Set.of("silver"));
    cluster.running.clear();

    jobs.startAgain();
    assertThat(cluster.running).containsExactly("bronze-2");

    jobs.start("silver", SCHEMAS);
    assertThat(cluster.running).containsExactly("bronze-2", "silver-3");
    cluster.running.clear();
    jobs.startAgain();
    assertThat(cluster.running).containsExactly("bronze-5", "silver-4");
  }

  @Test
  void jobThatCouldNotBeEndedIsNotStartedBesideItself() throws Exception {
    cluster.cancels = false;
    assertThatThrownBy(() -> jobs.cancel(Set.of("silver"))).hasMessageContaining("does not end");
    assertThatThrownBy(() -> jobs.start("silver", SCHEMAS)).hasMessageContaining("does not end");
    assertThat(cluster.running).containsExactly("bronze-1", "silver-0");

    cluster.cancels = true;
    jobs.start("silver", SCHEMAS);
    assertThat(cluster.running).containsExactly("bronze-1", "silver-2");
  }
}
