package ai.finks.adapters.fmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server whose every answer a test decides. */
final class FakeFmp implements AutoCloseable {

  /** Decides the answer to a call. */
  @FunctionalInterface
  interface Script {
    /**
     * @param symbol of the call
     * @param attempt which call for the same parameters this is, from 1
     */
    Answer answer(String symbol, int attempt) throws IOException;
  }

  /** Decides the answer to a call by what is asked for. */
  @FunctionalInterface
  interface PathScript {
    Answer answer(String path, String symbol) throws IOException;
  }

  /** An answer that may be cut. */
  record Answer(int status, Map<String, String> headers, byte[] body, int sentBytes, boolean hang) {
    static Answer of(int status, String body) {
      byte[] bytes = body.getBytes(UTF_8);
      return new Answer(status, Map.of(), bytes, bytes.length, false);
    }

    Answer header(String name, String value) {
      return new Answer(status, Map.of(name, value), body, sentBytes, hang);
    }

    Answer cutAt(int bytes) {
      return new Answer(status, headers, body, bytes, false);
    }

    Answer hangingAt(int bytes) {
      return new Answer(status, headers, body, bytes, true);
    }
  }

  private interface FullScript {
    Answer answer(String path, String symbol, int attempt) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FullScript script;
  private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
  final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  final List<String> keys = Collections.synchronizedList(new ArrayList<>());

  FakeFmp(Script script) throws IOException {
    this((FullScript) (path, symbol, attempt) -> script.answer(symbol, attempt));
  }

  /** Answers by path and symbol, every time the same. */
  static FakeFmp byPath(PathScript script) throws IOException {
    FullScript full = (path, symbol, attempt) -> script.answer(path, symbol);
    return new FakeFmp(full);
  }

  private FakeFmp(FullScript script) throws IOException {
    this.script = script;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestURI().toString();
    calls.add(call);
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("apikey")));
    int attempt = attempts.merge(call, 1, Integer::sum);
    Answer answer =
        script.answer(
            exchange.getRequestURI().getPath(), parameters(exchange).get("symbol"), attempt);
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    OutputStream out = exchange.getResponseBody();
    out.write(answer.body(), 0, answer.sentBytes());
    out.flush();
    if (answer.hang()) {
      return;
    }
    // Closes the connection at once if not all was written.
    exchange.close();
  }

  private static Map<String, String> parameters(HttpExchange exchange) {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    return parameters;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
