package ai.finks.stack.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.schemas.registry.HttpRegistryClient;
import ai.finks.schemas.registry.RegistryUnavailableException;
import ai.finks.stack.Checkout;
import ai.finks.stack.home.FinksHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryProcessTest {
  private static final String SCHEMA =
      "{\"type\":\"record\",\"name\":\"Quote\",\"fields\":[{\"name\":\"price\",\"type\":\"long\"}]}";

  @TempDir Path folder;
  private final Path distribution = Checkout.root().resolve(".finks/registry");

  @BeforeEach
  void needsTheRegistry() {
    assumeTrue(
        Files.isDirectory(distribution),
        "SKIPPED: no schema registry in " + distribution + "; ./finks fetches it");
  }

  @Test
  void aRegistryThatDiesAloneIsStartedAgainAtItsAddress() throws Exception {
    List<RegistryProcess> started = new CopyOnWriteArrayList<>();
    try (KeptRegistry registry =
        KeptRegistry.start(distribution, FinksHome.at(folder), started::add)) {
      registry.awaitReady();
      HttpRegistryClient client = new HttpRegistryClient(registry.url());
      int id = client.register("fmp.quotes.raw.v1-value", SCHEMA);

      ProcessHandle first = started.get(0).process().find(RegistryProcess.MARK).orElseThrow();
      new ProcessBuilder("kill", "-INT", Long.toString(first.pid())).start().waitFor();
      await().during(Duration.ofSeconds(1)).until(first::isAlive);

      first.destroyForcibly();

      await()
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptionsInstanceOf(RegistryUnavailableException.class)
          .until(() -> new HttpRegistryClient(registry.url()).schemaById(id).isPresent());
      assertThat(started).hasSize(2);
    }
    assertThat(started.get(1).isAlive()).isFalse();
  }

  @Test
  void schemaIdsSurviveAKill() throws Exception {
    FinksHome home = FinksHome.at(folder);
    int id;
    try (RegistryProcess registry = RegistryProcess.start(distribution, home)) {
      registry.awaitReady();
      id = new HttpRegistryClient(registry.url()).register("fmp.quotes.raw.v1-value", SCHEMA);
      ProcessHandle process = registry.process().find(RegistryProcess.MARK).orElseThrow();
      process.destroyForcibly();
      await().atMost(Duration.ofMinutes(2)).until(() -> !registry.isAlive());
    }

    try (RegistryProcess registry = RegistryProcess.start(distribution, home)) {
      registry.awaitReady();
      HttpRegistryClient client = new HttpRegistryClient(registry.url());

      assertThat(client.register("fmp.quotes.raw.v1-value", SCHEMA)).isEqualTo(id);
      assertThat(client.schemaById(id).toString()).contains("price");
    }
  }
}
