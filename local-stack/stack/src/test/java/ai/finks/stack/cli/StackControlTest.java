package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.stack.home.ControlToken;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a question to the stack. */
class StackControlTest {
  @TempDir Path folder;

  @Test
  void emptyAnswerIsNone() throws Exception {
    FinksHome home = FinksHome.at(folder);
    home.create();
    ControlToken.create(home);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.close();
        });
    server.start();
    try {
      StackRecord stack =
          StackRecord.starting("2026-01-05T10:00:00Z")
              .with(
                  new StackRecord.Component(
                      "control",
                      "http://127.0.0.1:" + server.getAddress().getPort(),
                      StackRecord.starting("2026-01-05T10:00:00Z").process()));

      assertThatThrownBy(
              () -> StackControl.ask(home, stack, "/trace", CommonOptions.JSON.createObjectNode()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("gave no answer");
    } finally {
      server.stop(0);
    }
  }
}
