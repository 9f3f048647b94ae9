package ai.finks.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A registry that speaks Confluent's REST API, such as Apicurio under {@code /apis/ccompat/v7}.
 *
 * <p>Ids and schemas never change once given, so both are cached for good; unknown ids are not.
 * There are no retries here: whoever calls knows whether to stop or to wait.
 */
public final class HttpRegistryClient implements RegistryClient {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, String> schemas = new ConcurrentHashMap<>();

  /**
   * A client of the registry at a base address.
   *
   * @param base for example {@code http://127.0.0.1:8081/apis/ccompat/v7}
   */
  public HttpRegistryClient(URI base) {
    String text = base.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public int register(String subject, String schemaJson) {
    String cacheKey = subject + '\n' + schemaJson;
    Integer known = ids.get(cacheKey);
    if (known != null) {
      return known;
    }
    String body = JSON.createObjectNode().put("schema", schemaJson).toString();
    URI uri = uri("/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions");
    HttpResponse<String> response =
        send(request(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build());
    int status = response.statusCode();
    if (status == 409 || status == 422) {
      throw new SchemaRejectedException(
          "the schema registry refused a schema for " + subject + ": " + message(response));
    }
    if (status != 200) {
      throw failure(uri, response);
    }
    JsonNode id = parse(uri, response).get("id");
    if (id == null || !id.isInt()) {
      throw failure(uri, response);
    }
    ids.put(cacheKey, id.asInt());
    return id.asInt();
  }

  @Override
  public Optional<String> schemaById(int id) {
    String known = schemas.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    if (id < 0) {
      return Optional.empty();
    }
    URI uri = uri("/schemas/ids/" + id);
    HttpResponse<String> response = send(request(uri).GET().build());
    if (response.statusCode() == 404) {
      // A wrong base address answers 404 too, but not with the API's own error document.
      if (!parse(uri, response).has("error_code")) {
        throw failure(uri, response);
      }
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw failure(uri, response);
    }
    JsonNode schema = parse(uri, response).get("schema");
    if (schema == null || !schema.isTextual()) {
      throw failure(uri, response);
    }
    schemas.put(id, schema.asText());
    return Optional.of(schema.asText());
  }

  private URI uri(String path) {
    return URI.create(base + path);
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri)
        .timeout(REQUEST_TIMEOUT)
        .header("Content-Type", MEDIA_TYPE)
        .header("Accept", MEDIA_TYPE + ", application/json");
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new RegistryUnavailableException(
          "the schema registry at " + request.uri() + " cannot be reached: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryUnavailableException(
          "interrupted while asking the schema registry at " + request.uri(), e);
    }
  }

  private static JsonNode parse(URI uri, HttpResponse<String> response) {
    try {
      JsonNode node = JSON.readTree(response.body());
      if (node != null) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new RegistryUnavailableException(
          "what answers at " + uri + " is not a schema registry: its answer is not JSON", e);
    }
    throw failure(uri, response);
  }

  private static RegistryUnavailableException failure(URI uri, HttpResponse<String> response) {
    return new RegistryUnavailableException(
        String.format(
            "the schema registry at %s answered %d: %s",
            uri, response.statusCode(), message(response)),
        null);
  }

  private static String message(HttpResponse<String> response) {
    String body = response.body();
    return body.length() <= 500 ? body : body.substring(0, 500) + "…";
  }
}
