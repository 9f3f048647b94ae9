package ai.finks.flink.table;

import java.io.Serializable;

/** Opens the lake's catalog where an operator runs. */
@FunctionalInterface
public interface CatalogLoader extends Serializable {
  LakeCatalog open();

  static CatalogLoader of(CatalogConfig config) {
    return () -> LakeCatalog.open(config);
  }
}
