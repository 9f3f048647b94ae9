package ai.finks.stack.home;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  @Test
  void findsTheLivingProcessThatWasRecorded() {
    ProcessIdentity identity = ProcessIdentity.current();

    assertThat(identity.find("java")).map(ProcessHandle::pid).contains(identity.pid());
  }

  @Test
  void anotherProcessUnderTheSameIdIsNotTheRecordedOne() {
    ProcessIdentity current = ProcessIdentity.current();
    ProcessIdentity earlier = new ProcessIdentity(current.pid(), current.startMillis() - 60_000);

    assertThat(earlier.find("")).isEmpty();
  }

  @Test
  void aProcessOfAnotherKindIsNotTheRecordedOne() {
    assertThat(ProcessIdentity.current().find(ProcessIdentity.mark("nothing-like-it"))).isEmpty();
  }

  @Test
  void aKilledProcessIsNotFound() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessIdentity identity = ProcessIdentity.of(process.toHandle());
    assertThat(identity.find("sleep")).isPresent();

    process.destroyForcibly().waitFor();

    assertThat(identity.find("sleep")).isEmpty();
  }
}
