package ai.finks.stack.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeModeTest {
  @TempDir Path folder;

  @Test
  void aNewHomeHasNoModeAndKeepsTheOneItIsGiven() throws IOException {
    FinksHome home = FinksHome.at(folder);
    assertThat(HomeMode.read(home)).isEmpty();

    HomeMode.PROCESSES.write(home);

    assertThat(HomeMode.read(home)).contains(HomeMode.PROCESSES);
  }

  @Test
  void aHomeWithTablesAndWithoutAModeIsEmbedded() throws IOException {
    FinksHome home = FinksHome.at(folder);
    Files.createDirectories(home.catalogFile().getParent());
    Files.createFile(home.catalogFile());

    assertThat(HomeMode.read(home)).contains(HomeMode.EMBEDDED);
  }

  @Test
  void anUnknownModeIsNamed() throws IOException {
    FinksHome home = FinksHome.at(folder);
    Files.writeString(home.modeFile(), "cloud\n");

    assertThatThrownBy(() -> HomeMode.read(home)).hasMessageContaining("'cloud'");
  }
}
