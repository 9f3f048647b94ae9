package ai.finks.flink.bronze.io;

import ai.finks.schemas.registry.HttpRegistryClient;
import ai.finks.schemas.registry.RegistryClient;
import java.io.Serializable;
import java.net.URI;

/** Connects to the schema registry where an operator runs. */
@FunctionalInterface
public interface RegistryLoader extends Serializable {
  RegistryClient connect();

  static RegistryLoader of(URI registry) {
    return () -> new HttpRegistryClient(registry);
  }
}
