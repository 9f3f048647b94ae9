package ai.finks.bench.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.schemas.registry.InMemoryRegistryClient;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * As much of a schema registry as the jobs ask for, on a free loopback port. Schemas are looked up
 * once per run, so the registry is not what is measured.
 */
final class SchemaServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final InMemoryRegistryClient registry = new InMemoryRegistryClient();

  SchemaServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/subjects/", this::register);
    server.createContext("/schemas/ids/", this::schemaById);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int register(String subject, String schema) {
    return registry.register(subject, schema);
  }

  private void register(HttpExchange exchange) throws IOException {
    String schema = JSON.readTree(exchange.getRequestBody()).path("schema").asText();
    answer(exchange, 200, Map.of("id", registry.register("", schema)));
  }

  private void schemaById(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int id = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    Optional<String> schema = registry.schemaById(id);
    if (schema.isPresent()) {
      answer(exchange, 200, Map.of("schema", schema.get()));
    } else {
      answer(exchange, 404, Map.of("error_code", 40403, "message", "Schema not found"));
    }
  }

  private static void answer(HttpExchange exchange, int status, Map<String, Object> body)
      throws IOException {
    byte[] bytes = JSON.writeValueAsString(body).getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
