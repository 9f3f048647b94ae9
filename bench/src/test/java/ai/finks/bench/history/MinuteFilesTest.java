package ai.finks.bench.history;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.simulators.demo.DemoBars;
import ai.finks.simulators.demo.SymbolBars;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up minutes agree with the real days that they are made from. */
class MinuteFilesTest {
  private static final DemoBars BARS = new DemoBars(Path.of("../local-stack/demo-data"));

  @TempDir private Path folder;

  @Test
  void minutesStayWithinTheirDayAndAddUpToIt() {
    SymbolBars history = BARS.of("MSFT").orElseThrow();
    MinuteModel model = new MinuteModel(7);
    for (int bar = 0; bar < history.size(); bar++) {
      if (!history.isValid(bar)) {
        continue;
      }
      model.make("MSFT", history, bar);
      long volume = 0;
      for (int minute = 0; minute < MinuteModel.MINUTES; minute++) {
        assertThat(model.low(minute)).isBetween(history.low(bar), model.open(minute));
        assertThat(model.low(minute)).isLessThanOrEqualTo(model.close(minute));
        assertThat(model.high(minute)).isBetween(model.open(minute), history.high(bar));
        assertThat(model.high(minute)).isGreaterThanOrEqualTo(model.close(minute));
        volume += model.volume(minute);
      }
      assertThat(model.open(0)).isEqualTo(history.open(bar));
      assertThat(model.close(MinuteModel.MINUTES - 1)).isEqualTo(history.close(bar));
      assertThat(volume).isEqualTo(history.volume(bar));
    }
  }

  @Test
  void sameSeedGivesTheSameFilesAndAnotherSeedOthers() throws IOException {
    List<String> first = lines(new MinuteFiles(BARS, 3, 2, 42), "first");

    assertThat(lines(new MinuteFiles(BARS, 3, 2, 42), "second")).isEqualTo(first);
    assertThat(lines(new MinuteFiles(BARS, 3, 2, 43), "third")).isNotEqualTo(first);
    assertThat(first).hasSize(2 * (1 + 3 * MinuteModel.MINUTES));
    assertThat(first.get(0)).isEqualTo("time,symbol,open,high,low,close,volume");
    assertThat(first.get(1))
        .matches(
            "2018-02-06 09:30:00,A,\\d+\\.\\d{4},\\d+\\.\\d{4},\\d+\\.\\d{4},\\d+\\.\\d{4},\\d+");
  }

  @Test
  void moreSymbolsThanThereAreGoRoundAgainUnderNamesOfTheirOwn() throws IOException {
    List<String> lines = lines(new MinuteFiles(BARS, 600, 1, 1), "many");

    assertThat(lines.stream().map(line -> line.split(",")[1]).distinct()).hasSize(1 + 600);
  }

  private List<String> lines(MinuteFiles minutes, String name) throws IOException {
    List<String> lines = new java.util.ArrayList<>();
    for (Path file : minutes.write(Files.createDirectories(folder.resolve(name)))) {
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
        reader.lines().forEach(lines::add);
      }
    }
    return lines;
  }
}
