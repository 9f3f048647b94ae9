package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RefusalReasonTest {

  @Test
  void pageOfReasonsHasEachCodeOnceAndInOrder() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("../docs/reasons.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .collect(Collectors.toList());

    assertThat(documented)
        .containsExactlyElementsOf(
            Arrays.stream(RefusalReason.values()).map(Enum::name).collect(Collectors.toList()));
  }
}
