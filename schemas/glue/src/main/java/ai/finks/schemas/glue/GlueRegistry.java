package ai.finks.schemas.glue;

import ai.finks.schemas.registry.RegistryUnavailableException;
import ai.finks.schemas.registry.SchemaRejectedException;
import com.amazonaws.services.schemaregistry.common.AWSSchemaRegistryClient;
import com.amazonaws.services.schemaregistry.common.SchemaByDefinitionFetcher;
import com.amazonaws.services.schemaregistry.common.configs.GlueSchemaRegistryConfiguration;
import com.amazonaws.services.schemaregistry.exception.AWSSchemaRegistryException;
import com.amazonaws.services.schemaregistry.utils.AWSSchemaRegistryConstants;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.glue.model.DataFormat;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;

/**
 * One registry of Glue, asked through AWS's own client, which registers a schema that the registry
 * does not have yet and waits until its compatibility was checked. Schema versions never change, so
 * they are kept for good. Thread-safe; nothing is contacted before the first question.
 */
class GlueRegistry {
  private final String name;
  private final GlueSchemaRegistryConfiguration configuration;
  private final Map<UUID, String> schemas = new ConcurrentHashMap<>();
  private @Nullable AWSSchemaRegistryClient client;
  private @Nullable SchemaByDefinitionFetcher fetcher;

  /**
   * @param region AWS's name of it
   * @param name the registry's name; it must exist
   * @param endpoint where Glue is, if not at AWS's own address
   */
  GlueRegistry(String region, String name, @Nullable String endpoint) {
    this.name = name;
    Map<String, Object> settings = new HashMap<>();
    settings.put(AWSSchemaRegistryConstants.AWS_REGION, region);
    settings.put(AWSSchemaRegistryConstants.REGISTRY_NAME, name);
    settings.put(AWSSchemaRegistryConstants.SCHEMA_AUTO_REGISTRATION_SETTING, true);
    if (endpoint != null) {
      settings.put(AWSSchemaRegistryConstants.AWS_ENDPOINT, endpoint);
    }
    this.configuration = new GlueSchemaRegistryConfiguration(settings);
  }

  /** The version of a schema under a name, registered if need be. */
  UUID register(String schemaName, String definition) {
    try {
      return fetcher()
          .getORRegisterSchemaVersionId(
              definition,
              schemaName,
              DataFormat.AVRO.name(),
              Map.of(AWSSchemaRegistryConstants.TRANSPORT_METADATA_KEY, schemaName));
    } catch (AWSSchemaRegistryException e) {
      if (causedBy(e, SdkException.class)) {
        throw unavailable("register a schema for " + schemaName, e);
      }
      throw new SchemaRejectedException(
          "the Glue registry " + name + " refused a schema for " + schemaName + ": " + texts(e));
    }
  }

  /** The definition of a schema version, if the registry knows it. */
  Optional<String> schema(UUID version) {
    String known = schemas.get(version);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      String definition = client().getSchemaVersionResponse(version.toString()).schemaDefinition();
      schemas.put(version, definition);
      return Optional.of(definition);
    } catch (AWSSchemaRegistryException e) {
      if (causedBy(e, EntityNotFoundException.class) || causedBy(e, InvalidInputException.class)) {
        return Optional.empty();
      }
      throw unavailable("look up the schema version " + version, e);
    }
  }

  private synchronized AWSSchemaRegistryClient client() {
    AWSSchemaRegistryClient made = client;
    if (made == null) {
      made =
          new AWSSchemaRegistryClient(DefaultCredentialsProvider.builder().build(), configuration);
      client = made;
    }
    return made;
  }

  private synchronized SchemaByDefinitionFetcher fetcher() {
    SchemaByDefinitionFetcher made = fetcher;
    if (made == null) {
      made = new SchemaByDefinitionFetcher(client(), configuration);
      fetcher = made;
    }
    return made;
  }

  private RegistryUnavailableException unavailable(String what, Exception cause) {
    return new RegistryUnavailableException(
        "the Glue registry " + name + " could not be asked to " + what + ": " + texts(cause),
        cause);
  }

  private static boolean causedBy(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  private static String texts(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      text.append(text.length() == 0 ? "" : "; ").append(at.getMessage());
    }
    return text.toString();
  }
}
