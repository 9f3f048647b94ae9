package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.ControlToken;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.trace.TraceService;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the running stack answers to whoever asks it. */
class ControlServerTest {
  @TempDir Path folder;

  @Test
  void questionThatEndsInAnErrorIsAnsweredWithIt() throws Exception {
    FinksHome home = FinksHome.at(folder);
    home.create();
    LineageAnswers failing =
        new LineageAnswers(
            () -> {
              throw new StackOverflowError("too deep");
            });

    try (ControlServer server =
        ControlServer.start(
            home,
            new ContractRollout(AppliedContracts.of(home), null, null, null),
            new TraceService(home, null, null, Clock.systemUTC()),
            failing)) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.url().resolve("/lineage"))
                      .header(ControlToken.HEADER, ControlToken.read(home))
                      .POST(BodyPublishers.ofString("{\"run\":\"r\"}"))
                      .build(),
                  BodyHandlers.ofString());

      assertThat(answer.body()).contains("\"failed\"").contains("too deep");
    }
  }
}
