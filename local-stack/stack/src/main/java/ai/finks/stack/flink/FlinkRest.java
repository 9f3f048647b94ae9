package ai.finks.stack.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Flink's REST API, as far as a stack asks it. */
final class FlinkRest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int FAILURE_LENGTH = 4_000;
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  FlinkRest(URI base) {
    this.base = base;
  }

  URI base() {
    return base;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  void patch(String path) throws IOException, InterruptedException {
    send(request(path).method("PATCH", HttpRequest.BodyPublishers.noBody()).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      String body = answer.body();
      String message =
          "Flink answers "
              + answer.statusCode()
              + " to "
              + request.method()
              + " "
              + request.uri().getPath()
              + ": "
              + body.substring(0, Math.min(FAILURE_LENGTH, body.length()));
      throw answer.statusCode() == NOT_FOUND
          ? new UnknownException(message)
          : new IOException(message);
    }
    return answer.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answer.body());
  }

  /** The cluster does not know what was asked about. */
  static final class UnknownException extends IOException {
    private static final long serialVersionUID = 1;

    UnknownException(String message) {
      super(message);
    }
  }
}
