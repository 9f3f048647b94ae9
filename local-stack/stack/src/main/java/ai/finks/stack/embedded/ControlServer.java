package ai.finks.stack.embedded;

import ai.finks.schemas.SchemaProblem;
import ai.finks.stack.home.ControlToken;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.trace.TraceService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the command line asks the running stack to do something, on loopback, with a token that
 * only the home's owner can read. An answer is one JSON document per line: steps as they are done
 * ({@code step}), then {@code outcome}, {@code refused} or {@code failed}.
 */
final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads;

  private ControlServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** Listens on a free port; the token lies in the home. */
  static ControlServer start(
      FinksHome home, ContractRollout rollout, TraceService traces, LineageAnswers lineage)
      throws IOException {
    String token = ControlToken.create(home);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "control");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/contracts/apply", exchange -> apply(exchange, token, rollout));
    SilverPause pause = new SilverPause(rollout);
    server.createContext("/silver/pause", exchange -> pause(exchange, token, pause));
    server.createContext("/silver/resume", exchange -> resume(exchange, token, pause));
    server.createContext("/trace", exchange -> answer(exchange, token, traces::answer));
    server.createContext("/lineage", exchange -> answer(exchange, token, lineage::answer));
    server.start();
    return new ControlServer(server, threads);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void apply(HttpExchange exchange, String token, ContractRollout rollout)
      throws IOException {
    try (exchange) {
      if (!isAllowed(exchange, token)) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      JsonNode request = JSON.readTree(exchange.getRequestBody());
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      Set<String> removable = new LinkedHashSet<>();
      request.path("remove").forEach(name -> removable.add(name.asText()));
      write(out, answer(Path.of(request.path("schemas").asText()), removable, rollout, out));
    }
  }

  /** Answers a question with one document. */
  @FunctionalInterface
  private interface Answers {
    ObjectNode answer(JsonNode request) throws IOException;
  }

  private static void answer(HttpExchange exchange, String token, Answers answers)
      throws IOException {
    try (exchange) {
      if (!isAllowed(exchange, token)) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      ObjectNode answer = answer(JSON.readTree(exchange.getRequestBody()), answers);
      exchange.sendResponseHeaders(200, 0);
      write(exchange.getResponseBody(), answer);
    }
  }

  private static ObjectNode answer(JsonNode request, Answers answers) {
    try {
      return answers.answer(request);
    } catch (Throwable e) {
      // Whoever asked waits for a word, whatever it was, an Error included.
      LOG.error("question not answered", e);
      return JSON.createObjectNode().put("failed", EmbeddedStack.reasonOf(e));
    }
  }

  private static boolean isAllowed(HttpExchange exchange, String token) {
    return ControlToken.matches(token, exchange.getRequestHeaders().getFirst(ControlToken.HEADER))
        && exchange.getRequestMethod().equals("POST");
  }

  /** Answers as long as the silver job is paused: who asked, and is gone, asks no more. */
  private static void pause(HttpExchange exchange, String token, SilverPause pause)
      throws IOException {
    try (exchange) {
      if (!isAllowed(exchange, token)) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      ObjectNode answer = JSON.createObjectNode();
      try {
        pause.hold(step -> write(out, JSON.createObjectNode().put("step", step)));
        answer.put("outcome", "resumed");
      } catch (Exception e) {
        // Whoever asked waits for a word, whatever it was.
        LOG.error("silver was not paused or not resumed", e);
        answer.put("failed", EmbeddedStack.reasonOf(e));
      }
      writeIfHeard(out, answer);
    }
  }

  private static void resume(HttpExchange exchange, String token, SilverPause pause)
      throws IOException {
    try (exchange) {
      if (isAllowed(exchange, token)) {
        pause.end();
        exchange.sendResponseHeaders(204, -1);
      } else {
        exchange.sendResponseHeaders(403, -1);
      }
    }
  }

  private static ObjectNode answer(
      Path schemas, Set<String> removable, ContractRollout rollout, OutputStream out) {
    ObjectNode answer = JSON.createObjectNode();
    try {
      ContractRollout.Outcome outcome =
          rollout.apply(
              schemas,
              removable,
              step -> writeIfHeard(out, JSON.createObjectNode().put("step", step)));
      ObjectNode node = answer.putObject("outcome");
      node.put("version", outcome.version());
      node.set("new_entities", texts(outcome.change().newEntities()));
      node.set("changed_entities", texts(outcome.change().changedEntities()));
      node.set("new_bindings", texts(outcome.change().newBindings()));
      node.set("changed_bindings", texts(outcome.change().changedBindings()));
      node.set("removed_entities", texts(outcome.change().removedEntities()));
      node.set("removed_bindings", texts(outcome.change().removedBindings()));
      node.set("restarted", texts(outcome.restarted()));
    } catch (ContractRollout.RefusedException e) {
      ArrayNode problems = answer.putArray("refused");
      for (SchemaProblem problem : e.problems()) {
        problems
            .addObject()
            .put("file", problem.file())
            .put("line", problem.line())
            .put("message", problem.message());
      }
    } catch (ContractRollout.FailedException e) {
      answer.put("failed", e.getMessage());
    } catch (RuntimeException e) {
      // Whoever asked waits for a word, whatever it was.
      LOG.error("contracts not taken in: schemas={}", schemas, e);
      answer.put("failed", EmbeddedStack.reasonOf(e));
    }
    return answer;
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = JSON.createArrayNode();
    texts.forEach(array::add);
    return array;
  }

  /** Who asked may be gone; what was begun is finished all the same. */
  private static void writeIfHeard(OutputStream out, ObjectNode line) {
    try {
      write(out, line);
    } catch (UncheckedIOException e) {
      return;
    }
  }

  private static void write(OutputStream out, ObjectNode line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
