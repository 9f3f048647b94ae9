package ai.finks.stack.lake;

import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/** The tables of a home, open for reading. */
public final class Lake implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1_000;

  private final LakeCatalog catalog;

  private Lake(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /** Whether the home has tables that can be read now: behind an S3 API only while that runs. */
  public static boolean existsIn(FinksHome home) {
    return Files.exists(home.catalogFile()) && isReachable(home);
  }

  /** Whether files of the home's tables can be read now, if there are any. */
  public static boolean isReachable(FinksHome home) {
    return isReachable(LakePlace.of(home));
  }

  private static boolean isReachable(LakePlace place) {
    if (place.isFolder()) {
      return true;
    }
    URI store = place.endpoint();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(store.getHost(), store.getPort()), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Opens the catalog of a home that has one. */
  public static Lake open(FinksHome home) {
    FlinkFiles.reach(LakePlace.of(home));
    return new Lake(LakeCatalog.open(CatalogConfig.of(catalogSettings(home), root(home))));
  }

  /** Where the tables lie. */
  public static String root(FinksHome home) {
    return LakePlace.of(home).root();
  }

  /** The settings by which every process of the stack opens the home's catalog. */
  public static Map<String, String> catalogSettings(FinksHome home) {
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "catalog.uri",
        "jdbc:sqlite:" + home.catalogFile() + "?busy_timeout=60000&journal_mode=WAL");
    LakePlace.of(home)
        .files()
        .forEach((name, value) -> settings.put("catalog.property." + name, value));
    return settings;
  }

  /** The catalog itself. */
  public LakeCatalog catalog() {
    return catalog;
  }

  /** A table at its newest snapshot. */
  public Table load(TableIdentifier identifier) {
    return catalog.load(identifier);
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
