package ai.finks.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.lineage.follow.CommitFollower;
import ai.finks.lineage.follow.ToldCommits;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No commit goes untold, wherever the teller ends. */
class CommitFollowerTest {
  private static final String BARS = "silver.bars_versions";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Path file;
  private final Map<String, byte[]> metadata = new HashMap<>();
  private final Heard heard = new Heard();

  @BeforeEach
  void bars() throws Exception {
    file = folder.resolve("told.json");
    put(new Metadata("x").commit(1, Map.of("r", 1L), 10).commit(2, Map.of("r", 1L), 20));
  }

  @Test
  void eachCommitIsToldOnceAndSignsOfLifeAreNot() throws Exception {
    CommitFollower follower = follower();
    assertThat(follower.follow()).isEqualTo(2);
    assertThat(follower.follow()).isZero();
    put(
        new Metadata("x")
            .commit(1, Map.of("r", 1L), 10)
            .commit(2, Map.of("r", 1L), 20)
            .snapshot(3, Map.of("finks.offsets", "{\"fmp.bars.raw.v1@stream-1\":{\"0\":20}}"))
            .snapshot(4, Map.of("finks.kind", "seal", "finks.seal-id", "seal-1"))
            .commit(5, Map.of("s", 1L), 30));

    assertThat(follower.follow()).isEqualTo(2);
    assertThat(heard.snapshots()).containsExactly(1L, 2L, 4L, 5L);
    JsonNode last = heard.events.get(3).path("run").path("facets").path("finks");
    assertThat(last.path("ranges").toString())
        .isEqualTo(
            "[{\"topic\":\"fmp.bars.raw.v1\",\"stream_id\":\"stream-1\",\"partition\":0,"
                + "\"from\":20,\"to\":30}]");
    assertThat(follower().follow()).as("a new one goes on where the last one was").isZero();
  }

  @Test
  void idleTableWhoseLastCommitWasExpiredHasNothingToTell() throws Exception {
    Map<String, String> signOfLife =
        Map.of("finks.offsets", "{\"fmp.bars.raw.v1@stream-1\":{\"0\":20}}");
    Metadata idle =
        new Metadata("x")
            .commit(1, Map.of("r", 1L), 10)
            .commit(2, Map.of("r", 1L), 20)
            .snapshot(3, signOfLife)
            .snapshot(4, signOfLife);
    put(idle);
    CommitFollower follower = follower();
    assertThat(follower.follow()).isEqualTo(2);

    put(idle.expire(2));
    assertThat(follower.follow()).isZero();
    put(idle.expire(1));
    assertThat(follower().follow()).isZero();
    assertThat(heard.snapshots()).containsExactly(1L, 2L);
  }

  @Test
  void whatWasNotHeardIsToldAgainByTheSameAndByTheNext() throws Exception {
    heard.deaf = true;
    CommitFollower follower = follower();
    assertThatThrownBy(follower::follow).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> follower().follow()).isInstanceOf(UncheckedIOException.class);
    heard.deaf = false;

    assertThat(follower.follow()).isEqualTo(2);
    assertThat(heard.snapshots()).containsExactly(1L, 2L, 1L, 2L, 1L, 2L);
    assertThat(heard.ids()).as("told again under the same ids").hasSize(2);
  }

  @Test
  void aMemoryThatIsLostOrDamagedCostsOnlyTellingAgain() throws Exception {
    follower().follow();
    Files.writeString(file, "{damaged");

    assertThat(follower().follow()).isEqualTo(2);
    assertThat(heard.ids()).hasSize(2);
  }

  private CommitFollower follower() {
    return new CommitFollower(new Tables(), heard, new ToldCommits(file));
  }

  private void put(Metadata table) {
    metadata.put("v" + metadata.size(), table.bytes());
  }

  private final class Tables implements CommitFollower.Tables {
    @Override
    public Map<String, String> metadataLocations() {
      return Map.of(BARS, "v" + (metadata.size() - 1));
    }

    @Override
    public byte[] read(String location) {
      return metadata.get(location);
    }
  }

  private static final class Heard implements CommitFollower.Listener {
    final List<JsonNode> events = new ArrayList<>();
    boolean deaf;

    @Override
    public void commit(String table, byte[] event) {
      try {
        events.add(JSON.readTree(event));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void heard() {
      if (deaf) {
        throw new UncheckedIOException(new IOException("not heard"));
      }
    }

    List<Long> snapshots() {
      return events.stream()
          .map(event -> event.path("run").path("facets").path("finks").path("snapshot").asLong())
          .toList();
    }

    List<String> ids() {
      return events.stream().map(e -> e.path("run").path("runId").asText()).distinct().toList();
    }
  }
}
