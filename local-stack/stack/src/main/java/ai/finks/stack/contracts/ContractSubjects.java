package ai.finks.stack.contracts;

import ai.finks.schemas.Topics;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.registry.HttpRegistryClient;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * The contracts in the schema registry: one subject per entity, {@code contract.<entity>}, whose
 * versions are the contract's. The compatibility level of it, and of the subject of the entity's
 * typed topic, is set to BACKWARD when the registry knows none, and honoured when somebody set
 * another.
 */
public final class ContractSubjects implements ContractRegistry {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String LEVEL = "BACKWARD";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI registry;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /**
   * @param registry base of the registry's Confluent API
   */
  public ContractSubjects(URI registry) {
    this.registry = registry;
  }

  /** The subject of an entity's contract. */
  public static String subject(String entity) {
    return "contract." + entity;
  }

  @Override
  public Optional<String> objection(Contract contract) throws IOException, InterruptedException {
    String subject = subject(contract.entity());
    HttpResponse<String> answer =
        ask(
            "/compatibility/subjects/" + subject + "/versions/latest?verbose=true",
            "POST",
            schema(contract));
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    JsonNode verdict = JSON.readTree(require(answer));
    if (verdict.path("is_compatible").asBoolean(false)) {
      return Optional.empty();
    }
    return Optional.of(
        "the registry's subject " + subject + " refuses it: " + verdict.path("messages"));
  }

  @Override
  public void register(Contract contract) throws IOException, InterruptedException {
    String subject = subject(contract.entity());
    requireLevel(subject);
    requireLevel(Topics.subject(Topics.typed(contract.entity())));
    new HttpRegistryClient(registry).register(subject, contract.avroSchema());
  }

  private void requireLevel(String subject) throws IOException, InterruptedException {
    if (ask("/config/" + subject, "GET", "").statusCode() == 404) {
      require(
          ask(
              "/config/" + subject,
              "PUT",
              JSON.createObjectNode().put("compatibility", LEVEL).toString()));
    }
  }

  private static String schema(Contract contract) {
    return JSON.createObjectNode().put("schema", contract.avroSchema()).toString();
  }

  private HttpResponse<String> ask(String path, String method, String body)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return http.send(
        HttpRequest.newBuilder(URI.create(registry + path))
            .timeout(TIMEOUT)
            .header("Content-Type", MEDIA_TYPE)
            .header("Accept", MEDIA_TYPE + ", application/json")
            .method(method, publisher)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String require(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() != 200) {
      throw new IOException(
          "The schema registry answered "
              + answer.statusCode()
              + " to "
              + answer.uri()
              + ": "
              + answer.body());
    }
    return answer.body();
  }
}
