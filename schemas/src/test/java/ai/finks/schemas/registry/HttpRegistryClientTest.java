package ai.finks.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpRegistryClientTest {

  private final List<String> requests = new ArrayList<>();
  private int status = 200;
  private String answer = "{}";
  private HttpServer server;
  private HttpRegistryClient client;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/apis/ccompat/v7/";
    client = new HttpRegistryClient(URI.create(address));
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void registersOnceAndRemembersTheId() {
    answer = "{\"id\": 12}";

    assertThat(client.register("a.b-value", "\"string\"")).isEqualTo(12);
    assertThat(client.register("a.b-value", "\"string\"")).isEqualTo(12);

    assertThat(requests)
        .containsExactly(
            "POST /apis/ccompat/v7/subjects/a.b-value/versions {\"schema\":\"\\\"string\\\"\"}");
  }

  @Test
  void readsSchemasOnce() {
    answer = "{\"schema\": \"\\\"string\\\"\"}";

    assertThat(client.schemaById(3)).contains("\"string\"");
    assertThat(client.schemaById(3)).contains("\"string\"");

    assertThat(requests).containsExactly("GET /apis/ccompat/v7/schemas/ids/3 ");
  }

  @Test
  void idThatTheRegistryDoesNotKnowIsEmpty() {
    status = 404;
    answer = "{\"error_code\": 40403, \"message\": \"Schema not found\"}";

    assertThat(client.schemaById(3)).isEmpty();
  }

  @Test
  void incompatibleSchemaIsRejectedWithTheRegistrysWords() {
    status = 409;
    answer = "{\"error_code\": 409, \"message\": \"incompatible\"}";

    assertThatThrownBy(() -> client.register("s", "{}"))
        .isInstanceOf(SchemaRejectedException.class)
        .hasMessageContaining("incompatible");
  }

  @Test
  void whatIsNoAnswerOfARegistryIsAnOutage() {
    status = 500;
    assertOutage("answered 500");
    status = 404;
    answer = "<html>not here</html>";
    assertOutage("not a schema registry");
    answer = "{}";
    assertOutage("answered 404");
    status = 200;
    assertOutage("answered 200");
    server.stop(0);
    assertOutage("cannot be reached");
  }

  private void assertOutage(String message) {
    assertThatThrownBy(() -> client.schemaById(9))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining(message);
  }
}
