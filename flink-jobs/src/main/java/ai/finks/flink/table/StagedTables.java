package ai.finks.flink.table;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * Tables beside the lake's own, of the same columns and periods, whose rows nobody takes for true
 * yet. Their data files lie below the root of the table that they are like.
 */
public final class StagedTables {
  public static final Namespace STAGING = Namespace.of("staging");

  private StagedTables() {}

  public static TableIdentifier identifier(String name) {
    return TableIdentifier.of(STAGING, name);
  }

  /**
   * Does something with a table of a list that was made a while ago. A staged one may have been
   * dropped since, by its rebuild or replay; then nothing is done.
   *
   * @return whether the table was there to the end
   */
  public static boolean ifThere(
      LakeCatalog catalog, TableIdentifier identifier, Consumer<Table> work) {
    try {
      work.accept(catalog.load(identifier));
      return true;
    } catch (NoSuchTableException | NotFoundException gone) {
      if (!isStaged(identifier) || catalog.exists(identifier)) {
        throw gone;
      }
      return false;
    }
  }

  static boolean isStaged(TableIdentifier identifier) {
    return identifier.namespace().equals(STAGING);
  }

  /** Removes a staged table whose data files another table has taken; these stay. */
  public static void dropTaken(LakeCatalog catalog, TableIdentifier identifier) {
    if (!isStaged(identifier)) {
      throw new IllegalArgumentException(identifier + " is not staged");
    }
    // Purging deletes data files too, unless the table says that they are not its own.
    catalog.load(identifier).updateProperties().set(TableProperties.GC_ENABLED, "false").commit();
    catalog.purge(identifier);
  }

  /**
   * Creates a table with the columns and periods of another one; returns it as it is where it is
   * there already.
   *
   * @param properties added to those that say how files are written
   */
  public static Table create(
      LakeCatalog catalog, Table like, TableIdentifier identifier, Map<String, String> properties) {
    Map<String, String> all = new HashMap<>();
    like.properties()
        .forEach(
            (key, value) -> {
              if (key.startsWith("write.")) {
                all.put(key, value);
              }
            });
    String root =
        like.properties().getOrDefault(TableProperties.WRITE_DATA_LOCATION, like.location());
    all.put(TableProperties.WRITE_DATA_LOCATION, root);
    all.putAll(properties);
    return catalog.createMissing(
        identifier, like.schema(), like.spec(), root + "/_staging/" + identifier.name(), all);
  }
}
