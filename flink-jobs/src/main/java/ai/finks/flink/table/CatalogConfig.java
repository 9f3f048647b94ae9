package ai.finks.flink.table;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which Iceberg catalog holds the lake's tables.
 *
 * <table>
 *   <caption>Keys</caption>
 *   <tr><td>{@code catalog.name}</td><td>default {@code finks}</td></tr>
 *   <tr><td>{@code catalog.type}</td><td>an Iceberg catalog type, such as {@code glue}; default
 *       {@code jdbc}</td></tr>
 *   <tr><td>{@code catalog.uri}</td><td>required for {@code jdbc}</td></tr>
 *   <tr><td>{@code catalog.warehouse}</td><td>default the lake's root</td></tr>
 *   <tr><td>{@code catalog.property.NAME}</td><td>passed to Iceberg as {@code NAME}</td></tr>
 * </table>
 *
 * <p>Files of a lake at {@code s3://…} are read and written by Iceberg's S3FileIO, unless {@code
 * catalog.property.io-impl} says otherwise; region and credentials are those of AWS's default
 * chains, unless properties give them.
 */
public final class CatalogConfig implements Serializable {
  public static final String PREFIX = "catalog.";

  private static final long serialVersionUID = 1;
  private static final String PROPERTY = "catalog.property.";

  private final String name;
  private final TreeMap<String, String> properties;

  private CatalogConfig(String name, TreeMap<String, String> properties) {
    this.name = name;
    this.properties = properties;
  }

  /**
   * Reads the keys that begin with {@code catalog.}; other keys are not looked at.
   *
   * @throws IllegalArgumentException naming an unknown or missing key
   */
  public static CatalogConfig of(Map<String, String> config, String lakeRoot) {
    String name = "finks";
    TreeMap<String, String> properties = new TreeMap<>();
    properties.put("type", "jdbc");
    properties.put("warehouse", lakeRoot);
    for (Map.Entry<String, String> entry : config.entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith(PREFIX)) {
        continue;
      }
      if (key.equals("catalog.name")) {
        name = entry.getValue();
      } else if (key.equals("catalog.type")
          || key.equals("catalog.uri")
          || key.equals("catalog.warehouse")) {
        properties.put(key.substring(PREFIX.length()), entry.getValue());
      } else if (key.startsWith(PROPERTY)) {
        properties.put(key.substring(PROPERTY.length()), entry.getValue());
      } else {
        throw new IllegalArgumentException("Unknown configuration key '" + key + "'");
      }
    }
    if (isJdbc(properties)) {
      if (!properties.containsKey("uri")) {
        throw new IllegalArgumentException("Missing configuration key 'catalog.uri'");
      }
      properties.putIfAbsent("jdbc.schema-version", "V1");
      properties.putIfAbsent("clients", "1");
    }
    if ("glue".equals(properties.get("type"))) {
      // Each commit would else leave a version of the table in Glue, of which there may be so many.
      properties.putIfAbsent("glue.skip-archive", "true");
    }
    if (lakeRoot.startsWith("s3://")) {
      properties.putIfAbsent("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
    }
    // The one HTTP client that is there: with two, AWS's clients would ask which to take.
    properties.putIfAbsent("http-client.type", "urlconnection");
    return new CatalogConfig(name, properties);
  }

  public String name() {
    return name;
  }

  /** Iceberg's catalog properties; a JDBC catalog is told not to create its own tables. */
  Map<String, String> properties(boolean createCatalogTables) {
    TreeMap<String, String> all = new TreeMap<>(properties);
    if (isJdbc(all)) {
      // Asking SQLite for its tables keeps a read open: the next commit beside another process
      // would then fail, and reads would be stale.
      all.put("jdbc.init-catalog-tables", Boolean.toString(createCatalogTables));
    }
    return all;
  }

  private static boolean isJdbc(Map<String, String> properties) {
    return "jdbc".equals(properties.get("type"));
  }
}
