package ai.finks.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.finks.schemas.raw.RawRecord;
import ai.finks.simulators.demo.DemoBars;
import ai.finks.simulators.fmp.FmpSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, killed (SIGKILL) in the middle and run again with the same run id. */
class KilledRunTest {
  private static final String KEY = "5ecret-of-the-simulator-4711";

  // Two programs and a broker may share a busy machine.
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;
  private TestPlatform platform;
  private Process process;

  @BeforeEach
  void start() throws Exception {
    platform = new TestPlatform(folder.resolve("kafka"));
  }

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
    platform.close();
  }

  @Test
  void aFileRunThatIsKilledMissesNothingAndRepeatsLittle() throws Exception {
    List<String> command =
        List.of(
            "files",
            "--binding",
            "files.bars",
            "--run-id",
            "killed",
            TestPlatform.DEMO_DATA.resolve(DemoBars.FILE_NAME).toString());

    killAt(command, "files.bars.raw.v1", 20_000);
    finish(command);

    long repeated = check("files.bars.raw.v1", DemoBars.ROWS);
    assertThat(repeated).isLessThan(DemoBars.ROWS / 2);
  }

  @Test
  void anFmpRunThatIsKilledMissesNothingAndRepeatsOnlyUnitsUnderWay() throws Exception {
    DemoBars bars = new DemoBars(TestPlatform.DEMO_DATA);
    List<String> symbols = bars.symbols().subList(0, 60);
    long expected =
        symbols.stream().mapToLong(symbol -> bars.of(symbol).orElseThrow().size()).sum();
    Path key = Files.writeString(folder.resolve("key"), KEY);
    try (FmpSimulator simulator = FmpSimulator.over(bars).apiKey(KEY).start()) {
      List<String> command =
          List.of(
              "fmp.bars",
              "--symbols",
              String.join(",", symbols),
              "--from",
              "2013-02-08",
              "--to",
              "2018-02-07",
              "--run-id",
              "killed",
              "--fmp",
              "base-url=" + simulator.baseUri(),
              "--fmp",
              "api-key=file:" + key,
              "--fmp",
              "calls-per-minute=1200");

      killAt(command, "fmp.bars.raw.v1", 10_000);
      finish(command);
    }
    long repeated = check("fmp.bars.raw.v1", expected);
    // Four units of some 1,259 bars are under way at a time, and a few wait for acknowledgement.
    assertThat(repeated).isLessThan(20 * 1259L);
  }

  private void killAt(List<String> command, String topic, long records) throws IOException {
    process = launch(command);
    try (TestPlatform.Gauge gauge = platform.gauge(topic)) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> gauge.records() >= records || !process.isAlive());
    }
    assertThat(process.isAlive()).as(output()).isTrue();
    process.destroyForcibly();
    process.onExit().join();
  }

  private void finish(List<String> command) throws Exception {
    process = launch(command);
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output()).isZero();
    assertThat(output()).contains("resuming run killed");
  }

  /** Every record is there, in one form only; returns how many came again. */
  private long check(String topic, long expected) {
    Map<String, RawRecord> byIdentity = new HashMap<>();
    long repeated = 0;
    for (RawRecord record : platform.read(topic)) {
      RawRecord before = byIdentity.put(record.batchId() + "/" + record.sequence(), record);
      if (before != null) {
        assertThat(record).isEqualTo(before);
        repeated++;
      }
    }
    assertThat(byIdentity).hasSize((int) expected);
    return repeated;
  }

  private Process launch(List<String> command) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AdapterApp.class.getName()));
    all.addAll(command);
    all.addAll(platform.options(folder.resolve("home")));
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
