package ai.finks.schemas.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A registry inside the process, for tests: equal schemas get equal ids, ids start at 1. */
public final class InMemoryRegistryClient implements RegistryClient {

  private final List<String> schemas = new ArrayList<>();

  @Override
  public synchronized int register(String subject, String schemaJson) {
    int index = schemas.indexOf(schemaJson);
    if (index < 0) {
      schemas.add(schemaJson);
      index = schemas.size() - 1;
    }
    return index + 1;
  }

  @Override
  public synchronized Optional<String> schemaById(int id) {
    return id >= 1 && id <= schemas.size() ? Optional.of(schemas.get(id - 1)) : Optional.empty();
  }
}
