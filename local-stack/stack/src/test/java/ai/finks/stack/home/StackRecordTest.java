package ai.finks.stack.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackRecordTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    FinksHome home = FinksHome.at(folder);
    StackRecord record =
        StackRecord.starting("2026-01-05T17:00:00Z")
            .with(
                new StackRecord.Component(
                    "kafka", "127.0.0.1:29092", new ProcessIdentity(7, 1_000)))
            .with(new StackRecord.Step("broker and topics", 1_300))
            .with(new StackRecord.Job("silver", "a1b2"))
            .in(StackRecord.State.UP);

    record.write(home);

    assertThat(StackRecord.read(home)).contains(record);
  }

  @Test
  void replacingARecordLeavesNoOtherFile() throws IOException {
    FinksHome home = FinksHome.at(folder);
    StackRecord.starting("2026-01-05T17:00:00Z").write(home);

    StackRecord.starting("2026-01-05T18:00:00Z").failed("no disk").write(home);

    assertThat(StackRecord.read(home)).map(StackRecord::error).contains("no disk");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(home.stackFile());
    }
  }

  @Test
  void aHomeWithoutARecordHasNone() throws IOException {
    assertThat(StackRecord.read(FinksHome.at(folder))).isEmpty();
  }
}
