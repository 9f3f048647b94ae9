package ai.finks.simulators.fmp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one call: key, fault, answer, in this order. */
final class FmpHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FmpHandler.class);
  private static final String KEY = "apikey";

  private final FmpApi api;
  private final String apiKey;
  private final Supplier<FaultPlan> faults;
  private final CallCounter counter;

  FmpHandler(FmpApi api, String apiKey, Supplier<FaultPlan> faults, CallCounter counter) {
    this.api = api;
    this.apiKey = apiKey;
    this.faults = faults;
    this.counter = counter;
  }

  @Override
  public void handle(HttpExchange exchange) {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      counter.begin();
      Decision decision;
      try {
        decision = decide(exchange);
      } finally {
        // Before the answer leaves: a client that has it may call again at once.
        counter.end();
      }
      counter.answered(decision.answer, decision.fault);
      send(exchange, decision);
    } catch (IOException e) {
      LOG.debug("an answer could not be sent: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Decision(Answer answer, @Nullable FaultKind fault, int retryAfterSeconds) {}

  private Decision decide(HttpExchange exchange) throws InterruptedException {
    Map<String, String> query;
    try {
      query = parameters(exchange.getRequestURI().getRawQuery());
    } catch (IllegalArgumentException e) {
      return new Decision(Answer.error(400, "Query Error: Malformed query"), null, 0);
    }
    if (!apiKey.equals(keyOf(exchange, query))) {
      return new Decision(Answer.invalidKey(), null, 0);
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      return new Decision(Answer.error(405, "Method Not Allowed"), null, 0);
    }
    FaultPlan plan = faults.get();
    FaultKind fault = plan.ofCallAt(System.nanoTime()).orElse(null);
    if (fault == FaultKind.SLOW) {
      TimeUnit.MILLISECONDS.sleep(plan.faults().slowMillis());
    }
    String path = exchange.getRequestURI().getPath();
    Answer answer = faulty(fault);
    if (answer == null) {
      answer = api.answer(path, query, plan.faults());
    }
    return new Decision(answer, fault, plan.faults().retryAfterSeconds());
  }

  /** The answer that takes the place of the right one, or null if the right one is sent. */
  private static @Nullable Answer faulty(@Nullable FaultKind fault) {
    if (fault == null) {
      return null;
    }
    return switch (fault) {
      case TOO_MANY_REQUESTS -> Answer.limitReached();
      case SERVER_ERROR -> Answer.serverError();
      case UNAVAILABLE -> Answer.unavailable();
      case HTML_PAGE -> Answer.maintenancePage();
      case DISCONNECT -> Answer.none();
      case TRUNCATED, SLOW -> null;
    };
  }

  private static void send(HttpExchange exchange, Decision decision) throws IOException {
    Answer answer = decision.answer;
    if (decision.fault == FaultKind.DISCONNECT) {
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    if (answer.status() == 429) {
      exchange.getResponseHeaders().set("Retry-After", String.valueOf(decision.retryAfterSeconds));
    }
    exchange.sendResponseHeaders(answer.status(), answer.length());
    int sent = decision.fault == FaultKind.TRUNCATED ? answer.length() / 2 : answer.length();
    OutputStream body = exchange.getResponseBody();
    body.write(answer.body(), 0, sent);
    body.flush();
  }

  private static @Nullable String keyOf(HttpExchange exchange, Map<String, String> query) {
    String inQuery = query.get(KEY);
    return inQuery != null ? inQuery : exchange.getRequestHeaders().getFirst(KEY);
  }

  private static Map<String, String> parameters(@Nullable String rawQuery) {
    Map<String, String> parameters = new HashMap<>();
    if (rawQuery == null) {
      return parameters;
    }
    for (String pair : rawQuery.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.put(decode(name), decode(value));
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
