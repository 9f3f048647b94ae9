package ai.finks.schemas.registry;

import java.util.Optional;

/** What Finks needs of a schema registry. Implementations are thread-safe. */
public interface RegistryClient {

  /**
   * Registers a schema under a subject, or finds it there.
   *
   * @return the schema's id
   * @throws RegistryUnavailableException when the registry cannot be asked
   * @throws SchemaRejectedException when the registry refuses the schema
   */
  int register(String subject, String schemaJson);

  /**
   * The schema of an id, or empty when the registry does not know the id.
   *
   * @throws RegistryUnavailableException when the registry cannot be asked
   */
  Optional<String> schemaById(int id);
}
