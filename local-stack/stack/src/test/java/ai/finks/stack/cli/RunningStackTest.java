package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.processes.ChildProcess;
import ai.finks.processes.Program;
import ai.finks.stack.Checkout;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.ProcessIdentity;
import ai.finks.stack.home.StackRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands do on a home whose stack is up, or on which another one works. */
class RunningStackTest {
  private static final Path SCHEMAS = Checkout.root().resolve("schemas");

  @TempDir Path folder;
  private FinksHome home;
  private ChildProcess stack;

  /** Stands for a stack: lives, and has no part. */
  public static final class Idle {
    private Idle() {}

    public static void main(String[] args) throws Exception {
      new CountDownLatch(1).await();
    }
  }

  @BeforeEach
  void stackIsUp() throws Exception {
    home = FinksHome.at(folder);
    home.create();
    AppliedContracts applied = AppliedContracts.of(home);
    applied.rememberOrigin(SCHEMAS);
    applied.activate(applied.stage(SCHEMAS));
    stack =
        ChildProcess.start(
            new Program(
                ProcessIdentity.mark("stack"),
                Idle.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
                Idle.class.getName(),
                List.of("-Xmx32m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                List.of(),
                Map.of(),
                folder.resolve("idle.log")));
    new StackRecord(
            StackRecord.State.UP,
            ProcessIdentity.of(stack.handle()),
            "2026-01-05T10:00:00Z",
            List.of(
                new StackRecord.Component(
                    "kafka", "127.0.0.1:1", ProcessIdentity.of(stack.handle()))),
            List.of(),
            List.of(),
            null)
        .write(home);
  }

  @AfterEach
  void end() {
    stack.close();
  }

  @Test
  void optionsOfAStartAreNotTakenByAStackThatIsUp() {
    for (String option : List.of("--seal-at never", "--accept-gap fmp.bars.raw.v1:0:0-7")) {
      CommandRun up = run("up " + option);
      assertThat(up.exitCode()).isEqualTo(2);
      assertThat(up.err()).contains("is up").contains("./finks down");
    }
    assertThat(run("up --seal-at noon").err()).contains("--seal-at is a time");
    assertThat(run("up").exitCode()).isZero();
  }

  @Test
  void recordsThatCannotBeReadAreNoRun() {
    CommandRun produce = run("produce fmp.bars " + folder.resolve("nothing"));

    assertThat(produce.exitCode()).isEqualTo(2);
    assertThat(produce.err()).contains("is not a file").doesNotContain("lineage");
  }

  @Test
  void lockThatAnotherCommandHoldsIsNoWrongUsageAndNamesIt() throws Exception {
    try (LakeLock held = LakeLock.take(home, "seal", "expire")) {
      assertThatThrownBy(() -> LakeLock.take(home, "seal"))
          .isInstanceOfSatisfying(
              CommandFailure.class,
              failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.PLATFORM))
          .hasMessageContaining("expire (pid " + ProcessHandle.current().pid() + ")");
      assertThat(held).isNotNull();
    }
    try (LakeLock free = LakeLock.take(home, "seal")) {
      assertThat(free).isNotNull();
    }
  }

  private CommandRun run(String line) {
    return CommandRun.of((line + " --home " + home).split(" "));
  }
}
