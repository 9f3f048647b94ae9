package ai.finks.adapters.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Secrets of AWS Secrets Manager: the name is the secret's name or ARN, with {@code #MEMBER} behind
 * it where the secret is a JSON object. Region, credentials and endpoint are those of AWS's default
 * chains (for example AWS_REGION, the task's role, AWS_ENDPOINT_URL).
 */
final class AwsSecrets implements SecretSource {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Secret get(String name) {
    int hash = name.lastIndexOf('#');
    String id = hash < 0 ? name : name.substring(0, hash);
    String value = value(id);
    return Secret.of(hash < 0 ? value : member(id, name.substring(hash + 1), value));
  }

  private String value(String id) {
    String value;
    try (SecretsManagerClient client =
        SecretsManagerClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      value = client.getSecretValue(request -> request.secretId(id)).secretString();
    } catch (SdkException e) {
      throw new IllegalArgumentException(
          "AWS Secrets Manager has no secret " + id + " for us: " + e.getMessage(), e);
    }
    if (value == null) {
      throw new IllegalArgumentException("the AWS secret " + id + " is binary, not text");
    }
    return value;
  }

  private static String member(String id, String member, String value) {
    try {
      JsonNode node = JSON.readTree(value).get(member);
      if (node != null && node.isTextual()) {
        return node.asText();
      }
    } catch (JsonProcessingException e) {
      // Said below, without what was read: it is the secret.
    }
    throw new IllegalArgumentException(
        "the AWS secret " + id + " is no JSON object with a text " + member);
  }
}
