package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.stack.home.FinksHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StackConfigTest {
  @Test
  void whatIsPassedToTheStacksProcessIsReadThere() {
    StackConfig config =
        StackConfig.of(Path.of("/checkout"), FinksHome.at(Path.of("/home"))).ownedBy(42);

    StackConfig read = StackConfig.parse(config.toArguments().toArray(new String[0]));

    assertThat(read).usingRecursiveComparison().isEqualTo(config);
  }

  @Test
  void anUnknownArgumentIsAnError() {
    assertThatThrownBy(() -> StackConfig.parse(new String[] {"--colour", "blue"}))
        .hasMessageContaining("--colour");
  }
}
