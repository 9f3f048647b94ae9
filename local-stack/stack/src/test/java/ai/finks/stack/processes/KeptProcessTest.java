package ai.finks.stack.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.finks.processes.ChildProcess;
import ai.finks.processes.Program;
import ai.finks.stack.home.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a process that is kept. */
class KeptProcessTest {
  @TempDir Path folder;
  private final List<ProcessIdentity> started = new CopyOnWriteArrayList<>();
  private final List<Throwable> givenUp = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();

  /** A program that does nothing but live. */
  public static final class Idle {
    private Idle() {}

    public static void main(String[] args) throws Exception {
      System.out.println("serving");
      new CountDownLatch(1).await();
    }
  }

  @Test
  void whatFailsAfterItCameBackIsTold() throws Exception {
    try (KeptProcess kept = kept(this::idle)) {
      kept.start();
      kept.whenBack(
          () -> {
            throw new IllegalStateException("no slots");
          });

      kill(0);

      await().until(() -> givenUp.size() == 1);
      assertThat(givenUp.get(0)).hasMessage("no slots");
      assertThat(started).hasSize(2);
    }
  }

  @Test
  void oneThatCannotBeStartedAgainIsGivenUpAndThatIsTold() throws Exception {
    try (KeptProcess kept =
        kept(
            () -> {
              if (calls.incrementAndGet() > 1) {
                throw new IOException("no memory");
              }
              return idle();
            })) {
      kept.start();

      kill(0);

      await().until(() -> givenUp.size() == 1);
      assertThat(givenUp.get(0)).hasMessage("no memory");
      assertThat(calls).hasValue(4);
    }
    assertThat(givenUp).hasSize(1);
  }

  @Test
  void interruptOfTheCommandInTheForegroundIsNotMeantForIt() throws Exception {
    try (KeptProcess kept = kept(this::idle)) {
      kept.start();

      for (String signal : List.of("-INT", "-HUP")) {
        new ProcessBuilder("kill", signal, Long.toString(started.get(0).pid())).start().waitFor();
      }

      await()
          .during(Duration.ofMillis(700))
          .until(() -> started.size() == 1 && started.get(0).find("").isPresent());
    }
    assertThat(givenUp).isEmpty();
  }

  private KeptProcess kept(Callable<ChildProcess> starter) {
    return new KeptProcess("It", starter, this::serves, started::add, givenUp::add);
  }

  private ChildProcess idle() throws IOException {
    return ChildProcess.start(
        new Program(
            ProcessIdentity.mark("idle"),
            Path.of(Idle.class.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString(),
            Idle.class.getName(),
            List.of("-Xmx32m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
            List.of(),
            Map.of(),
            log()));
  }

  private Path log() {
    return folder.resolve("idle.log");
  }

  private boolean serves() {
    try (var lines = Files.lines(log())) {
      return lines.filter("serving"::equals).count() == started.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void kill(int process) {
    started.get(process).find("").orElseThrow().destroyForcibly();
  }
}
