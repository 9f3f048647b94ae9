package ai.finks.stack.chaos;

import ai.finks.schemas.registry.InMemoryRegistryClient;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/** As much of a schema registry as the jobs ask: schemas by id, on loopback. */
final class SchemaDesk implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BY_ID = "/schemas/ids/";
  private static final int UNKNOWN_SCHEMA = 40403;

  private final InMemoryRegistryClient schemas = new InMemoryRegistryClient();
  private final HttpServer server;

  private SchemaDesk(HttpServer server) {
    this.server = server;
  }

  static SchemaDesk open() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SchemaDesk desk = new SchemaDesk(server);
    server.createContext(BY_ID, desk::answer);
    server.start();
    return desk;
  }

  /** Gives a schema its id. */
  int register(String subject, String schema) {
    return schemas.register(subject, schema);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange call) throws IOException {
    String id = call.getRequestURI().getPath().substring(BY_ID.length());
    Optional<String> schema =
        id.matches("\\d{1,9}") ? schemas.schemaById(Integer.parseInt(id)) : Optional.empty();
    ObjectNode answer = JSON.createObjectNode();
    if (schema.isPresent()) {
      answer.put("schema", schema.get());
    } else {
      answer.put("error_code", UNKNOWN_SCHEMA).put("message", "Schema not found");
    }
    byte[] body = JSON.writeValueAsBytes(answer);
    call.sendResponseHeaders(schema.isPresent() ? 200 : 404, body.length);
    try (OutputStream out = call.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
