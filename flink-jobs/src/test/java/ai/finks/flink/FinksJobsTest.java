package ai.finks.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinksJobsTest {
  @Test
  void argumentsWinOverTheFileAndAKeyWithoutAValueIsTrue(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(folder.resolve("silver.properties"), "parallelism=4\nentities=bars\n");

    Map<String, String> keys =
        FinksJobs.keys(
            new String[] {
              "silver", "--config", file.toString(), "--take-over", "--parallelism", "1"
            });

    assertThat(keys)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("entities", "bars", "parallelism", "1", "take-over", "true"));
  }

  @Test
  void whatIsNoOptionIsRefused() {
    assertThatThrownBy(() -> FinksJobs.keys(new String[] {"silver", "parallelism"}))
        .hasMessageContaining("'parallelism' is not an option");
    assertThatThrownBy(() -> FinksJobs.main(new String[] {"gold"}))
        .hasMessageContaining("no job 'gold'");
  }
}
