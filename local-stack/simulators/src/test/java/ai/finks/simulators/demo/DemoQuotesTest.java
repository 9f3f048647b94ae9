package ai.finks.simulators.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoQuotesTest {
  private static final Path FOLDER = DemoFolder.ofCheckout();
  private static final long LARGEST_SHIPPED_BYTES = 12_000_000;

  @Test
  void wholeSnapshotsWithTheirQuirksAreThere() throws Exception {
    List<String> lines = lines(new DemoQuotes(FOLDER).file());
    Set<String> snapshots = new HashSet<>();
    Set<String> offsets = new HashSet<>();
    Set<String> quotes = new HashSet<>();
    for (String line : lines) {
      String time = value(line, "snapshot_time");
      snapshots.add(time);
      offsets.add(time.substring(19));
      quotes.add(time + value(line, "symbol"));
    }

    assertThat(lines).hasSize(DemoQuotes.COUNT);
    assertThat(quotes).as("one quote per symbol and snapshot").hasSameSizeAs(lines);
    assertThat(snapshots).hasSize(DemoQuotes.SNAPSHOTS);
    assertThat(offsets).containsExactlyInAnyOrder("+00:00", "+01:00", "+02:00");
    assertThat(lines.stream().filter(line -> value(line, "marketCap").isEmpty()))
        .hasSize(DemoQuotes.EMPTY_MARKET_CAPS);
    assertThat(lines).anyMatch(line -> value(line, "symbol").equals("NAN"));
    assertThat(lines).anyMatch(line -> value(line, "symbol").equals("TRUE"));
  }

  @ParameterizedTest
  @CsvSource({
    DemoBars.FILE_NAME + ", 74132524946c134143497b8ca44ced43ad86241ff1a7058a1687f83b05ce5828",
    DemoQuotes.FILE_NAME + ", 0dd796dd6166cc0ae8ca1e134fc45b1d52ec7f28de268e4e832ef0944ab768f2"
  })
  void theShippedTextIsTheOneThatTheReadmeDescribes(String file, String sha256) throws Exception {
    byte[] text;
    try (InputStream in = new ZstdInputStream(Files.newInputStream(FOLDER.resolve(file)))) {
      text = in.readAllBytes();
    }

    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)))
        .isEqualTo(sha256);
    assertThat(Files.readString(FOLDER.resolve("README.md"))).contains(sha256);
  }

  @Test
  void whatIsShippedStaysSmall() throws Exception {
    long bars = Files.size(FOLDER.resolve(DemoBars.FILE_NAME));
    long quotes = Files.size(FOLDER.resolve(DemoQuotes.FILE_NAME));

    assertThat(bars + quotes).isLessThan(LARGEST_SHIPPED_BYTES);
  }

  private static List<String> lines(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new ZstdInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static String value(String line, String name) {
    String before = "\"" + name + "\":\"";
    int from = line.indexOf(before) + before.length();
    return line.substring(from, line.indexOf('"', from));
  }
}
