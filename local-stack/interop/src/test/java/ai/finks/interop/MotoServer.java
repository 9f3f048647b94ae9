package ai.finks.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Moto, a stand-in for AWS, as a process on a free loopback port. */
final class MotoServer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("..", "..", ".finks", "test-venv", "bin");
  private static final Pattern ADDRESS =
      Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Process process;
  private final URI url;

  private MotoServer(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it; skips the test where it was never installed. */
  static MotoServer start(Path folder) throws IOException {
    Path program = PROGRAM.resolve("moto_server");
    assumeTrue(
        Files.isExecutable(program),
        "SKIPPED: no stand-in for AWS, " + program + " is missing; ./finks test installs it");
    Path log = folder.resolve("moto.log");
    Process process =
        new ProcessBuilder(program.toString(), "-H", "127.0.0.1", "-p", "0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      String address =
          Awaitility.await()
              .atMost(PATIENCE)
              .until(() -> address(process, log), found -> !found.isEmpty());
      return new MotoServer(process, URI.create(address));
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static String address(Process process, Path log) throws IOException {
    String said = Files.readString(log);
    if (!process.isAlive()) {
      throw new IOException("moto ended: " + said);
    }
    Matcher matcher = ADDRESS.matcher(said);
    return matcher.find() ? matcher.group(1) : "";
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
