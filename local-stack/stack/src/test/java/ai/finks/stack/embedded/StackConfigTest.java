package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.StreamPartition;
import ai.finks.stack.home.FinksHome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackConfigTest {
  @Test
  void whatIsPassedToTheStacksProcessIsReadThere() {
    StackConfig config =
        StackConfig.of(Path.of("/checkout"), FinksHome.at(Path.of("/home")))
            .ownedBy(42)
            .committingEvery(Duration.ofMillis(700))
            .accepting(List.of("fmp.bars.raw.v1:0:0-4711", "fmp.bars.raw.v1:1:3-5"));

    StackConfig read = StackConfig.parse(config.toArguments().toArray(new String[0]));

    assertThat(read).usingRecursiveComparison().isEqualTo(config);
  }

  @Test
  void gapsThatWereAcceptedReachTheJobs() {
    StackConfig config =
        StackConfig.of(Path.of("/checkout"), FinksHome.at(Path.of("/home")))
            .accepting(List.of("fmp.bars.raw.v1:0:0-4711", "fmp.bars.raw.v1:1:3-5"));
    URI registry = URI.create("http://127.0.0.1:1/apis/ccompat/v7");

    AcceptedGaps gaps =
        SilverConfig.of(
                StackJobs.silverSettings(
                    config,
                    StackJobs.settings(config, "127.0.0.1:1", registry),
                    Path.of("/checkout/schemas")))
            .acceptedGaps();

    assertThat(gaps.accept(StreamPartition.of("fmp.bars.raw.v1", "id", 0), 0, 4712)).isTrue();
    assertThat(gaps.accept(StreamPartition.of("fmp.bars.raw.v1", "id", 1), 3, 6)).isTrue();
    assertThat(gaps.accept(StreamPartition.of("fmp.bars.raw.v1", "id", 1), 2, 6)).isFalse();
  }

  @Test
  void anUnknownArgumentIsAnError() {
    assertThatThrownBy(() -> StackConfig.parse(new String[] {"--colour", "blue"}))
        .hasMessageContaining("--colour");
  }
}
