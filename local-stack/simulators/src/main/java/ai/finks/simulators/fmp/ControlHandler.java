package ai.finks.simulators.fmp;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/** The simulator's own paths: {@code /simulator/faults} and {@code /simulator/statistics}. */
final class ControlHandler implements HttpHandler {
  private static final JsonMapper JSON = new JsonMapper();

  private final FmpSimulator simulator;

  ControlHandler(FmpSimulator simulator) {
    this.simulator = simulator;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Answer answer =
          answer(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(), body);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), answer.length());
      exchange.getResponseBody().write(answer.body(), 0, answer.length());
    }
  }

  private Answer answer(String request, byte[] body) throws IOException {
    return switch (request) {
      case "GET /simulator/faults" -> Answer.json(200, simulator.faults().toJson());
      case "PUT /simulator/faults" -> change(body);
      case "GET /simulator/statistics" ->
          Answer.json(200, JSON.writeValueAsBytes(simulator.statistics()));
      default -> Answer.error(404, "the simulator knows no " + request);
    };
  }

  private Answer change(byte[] body) {
    try {
      Faults changed = Faults.fromJson(body);
      simulator.setFaults(changed);
      return Answer.json(200, changed.toJson());
    } catch (IllegalArgumentException e) {
      return Answer.error(400, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }
}
