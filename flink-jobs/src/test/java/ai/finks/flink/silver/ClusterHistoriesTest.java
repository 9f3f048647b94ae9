package ai.finks.flink.silver;

import ai.finks.broker.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of the whole pipeline against a model that knows nothing of kills.
 *
 * <p>{@code -Dcluster-histories.seed=N} begins at another seed, {@code -Dcluster-histories.count=N}
 * takes more.
 */
class ClusterHistoriesTest {
  private static final long SEED = Long.getLong("cluster-histories.seed", 1);
  private static final long COUNT = Long.getLong("cluster-histories.count", 10);

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static MiniFlink flink;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"));
    flink = new MiniFlink();
  }

  @AfterAll
  static void stop() throws Exception {
    flink.close();
    broker.close();
  }

  @Test
  void tablesHoldWhatWasSentWhateverHappened() throws Exception {
    for (long seed = SEED; seed < SEED + COUNT; seed++) {
      Path home = Files.createDirectories(folder.resolve("history-" + seed));
      ClusterHistory history = new ClusterHistory(seed, broker, flink, home);
      try (history) {
        history.live();
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "Seed "
                + seed
                + " fails; repeat it with -Dtest=ClusterHistoriesTest -Dcluster-histories.count=1"
                + " -Dcluster-histories.seed="
                + seed
                + "\nafter "
                + history.steps(),
            e);
      }
    }
  }
}
