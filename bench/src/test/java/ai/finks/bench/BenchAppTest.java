package ai.finks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchAppTest {
  @TempDir Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** The peers are fetched by the launcher only; what is ours runs without them. */
  @Test
  void silverAndBareLoopRunVerifyTheirTablesAndLeaveNothing() throws Exception {
    int exitCode =
        run(
            "silver --json --records 20000 --laps 2 --runs 1 --heap 512 --commit-seconds 5"
                + " --variants silver,bare_loop");

    assertThat(exitCode).as("%s", err).isZero();
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.path("verified").asBoolean()).isTrue();
    assertThat(document.path("runs")).hasSize(2);
    assertThat(document.path("ratios").path("silver_vs_bare_loop").asDouble()).isPositive();
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void unknownOptionsAndNonsenseAreWrongUsage() {
    assertThat(run("silver --recrods 5")).isEqualTo(2);
    assertThat(run("silver --records 0")).isEqualTo(2);
    assertThat(run("silver --runs 0")).isEqualTo(2);
    assertThat(run("silver --variants silver,nonsense")).isEqualTo(2);
    assertThat(run("producer --topic t")).isEqualTo(2);
    assertThat(run("")).isEqualTo(2);
  }

  private int run(String line) {
    String[] arguments = line.isEmpty() ? new String[0] : (line + " --home " + home).split(" ");
    return BenchApp.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
