package ai.finks.flink.bronze.io;

import ai.finks.schemas.registry.RegistryClient;
import java.io.Serializable;

/** Connects to the schema registry where an operator runs. */
@FunctionalInterface
public interface RegistryLoader extends Serializable {
  RegistryClient connect();
}
