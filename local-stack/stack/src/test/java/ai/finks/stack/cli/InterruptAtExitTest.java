package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.finks.processes.ChildProcess;
import ai.finks.processes.Program;
import ai.finks.stack.home.ProcessIdentity;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command can still do when it is told to end. */
class InterruptAtExitTest {
  @TempDir Path folder;

  /** Waits for ever, and tells when it breaks off. */
  public static final class Waiting {
    private Waiting() {}

    public static void main(String[] args) {
      InterruptAtExit atExit = InterruptAtExit.of(Thread.currentThread());
      System.out.println("waiting");
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        System.out.println("broke off");
      } finally {
        atExit.close();
      }
    }
  }

  @Test
  void workIsBrokenOffAndCanBeTold() throws Exception {
    Path log = folder.resolve("log");
    try (ChildProcess process =
        ChildProcess.start(
            new Program(
                ProcessIdentity.mark("idle"),
                classes(Waiting.class) + File.pathSeparator + classes(InterruptAtExit.class),
                Waiting.class.getName(),
                List.of("-Xmx32m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                List.of(),
                Map.of(),
                log))) {
      await().until(() -> Files.exists(log) && Files.readString(log).contains("waiting"));

      process.handle().destroy();

      await().until(() -> !process.isAlive());
    }
    assertThat(Files.readString(log)).contains("broke off");
  }

  private static String classes(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }
}
