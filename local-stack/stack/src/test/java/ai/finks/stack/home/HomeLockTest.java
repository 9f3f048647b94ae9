package ai.finks.stack.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {
  @TempDir Path folder;
  private FinksHome home;

  @BeforeEach
  void openHome() {
    home = FinksHome.at(folder.resolve("home"));
  }

  @Test
  void aHomeWithoutALockFileIsFree() throws IOException {
    assertThat(HomeLock.isHeld(home)).isFalse();
  }

  @Test
  void aSecondHolderIsRefusedWhileTheFirstOneLives() throws IOException {
    try (HomeLock lock = HomeLock.tryAcquire(home).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(HomeLock.tryAcquire(home)).isEmpty();
      assertThat(HomeLock.isHeld(home)).isTrue();
    }
  }

  @Test
  void lookingAtALockDoesNotTakeIt() throws IOException {
    try (HomeLock lock = HomeLock.tryAcquire(home).orElseThrow()) {
      assertThat(lock).isNotNull();
    }

    assertThat(HomeLock.isHeld(home)).isFalse();
    assertThat(HomeLock.isHeld(home)).isFalse();
  }

  @Test
  void theLockOfAKilledProcessIsFree() throws Exception {
    Process holder = LockHolder.start(home);
    assertThat(HomeLock.tryAcquire(home)).isEmpty();

    holder.destroyForcibly();
    assertThat(holder.waitFor(2, TimeUnit.MINUTES)).isTrue();

    try (HomeLock lock = HomeLock.tryAcquire(home).orElseThrow()) {
      assertThat(lock).isNotNull();
    }
  }
}
