package ai.finks.flink.table;

import ai.finks.broker.LoopbackPorts;
import ai.finks.processes.ChildProcess;
import ai.finks.processes.S3Access;
import ai.finks.processes.S3Proxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.iceberg.aws.s3.S3FileIO;

/**
 * An S3 API for a test, with a proxy in front that fails when the test asks for it, and Flink's
 * plugin for it loaded into this JVM. One at a time: Flink's file systems are the JVM's.
 */
public final class S3Store implements AutoCloseable {
  private static final String BUCKET = "lake";
  private static final S3Access ACCESS = new S3Access("local", "not-a-secret");
  private static final String[] ALWAYS_PARENT_FIRST = {
    "java.",
    "org.apache.flink.",
    "javax.annotation.",
    "org.slf4j",
    "org.apache.log4j",
    "org.apache.logging",
    "org.apache.commons.logging",
    "ch.qos.logback"
  };

  private final S3Proxy store;
  private final FaultyS3 front;
  private final Path folder;

  private S3Store(S3Proxy store, FaultyS3 front, Path folder) {
    this.store = store;
    this.front = front;
    this.folder = folder;
  }

  /** Starts the API on an empty folder. */
  public static S3Store start(Path folder) throws Exception {
    S3Proxy store =
        S3Proxy.start(
            new S3Proxy.Settings(
                "-Dfinks.process=test-s3",
                ChildProcess.gathered().resolve("s3proxy"),
                folder.resolve("buckets"),
                BUCKET,
                ACCESS,
                LoopbackPorts.free(),
                folder.resolve("s3proxy.properties"),
                folder.resolve("s3proxy.log")));
    store.awaitReady();
    FaultyS3 front = FaultyS3.before(store.endpoint().getPort());
    initialise(flink(front.endpoint()));
    return new S3Store(store, front, folder);
  }

  private static void initialise(Map<String, String> settings) throws IOException {
    FileSystem.initialize(
        Configuration.fromMap(settings),
        new DefaultPluginManager(
            new DirectoryBasedPluginFinder(ChildProcess.gathered().resolve("plugins"))
                .findPlugins(),
            ALWAYS_PARENT_FIRST));
  }

  private static Map<String, String> flink(URI endpoint) {
    return Map.of(
        "s3.endpoint", endpoint.toString(),
        "s3.path.style.access", "true",
        "s3.access-key", ACCESS.accessKey(),
        "s3.secret-key", ACCESS.secretKey(),
        "s3.connection.timeout", "3000",
        "s3.attempts.maximum", "3",
        "s3.retry.limit", "2",
        "s3.retry.interval", "50ms");
  }

  /** What stands between the clients and the store. */
  public FaultyS3 front() {
    return front;
  }

  /** A root for a lake of a test's own. */
  public String root(String name) {
    return "s3://" + BUCKET + "/" + name;
  }

  /** The files of a root, as the store keeps them, relative to it. */
  public List<String> files(String name) throws IOException {
    Path root = folder.resolve("buckets").resolve(BUCKET).resolve(name);
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .sorted()
          .collect(Collectors.toList());
    }
  }

  /** The objects of a root whose uploads were begun and not ended. */
  public List<String> openUploads(String name) {
    List<String> uploads = new ArrayList<>();
    try (S3FileIO io = new S3FileIO()) {
      io.initialize(fileKeys());
      OpenUploads.abort(
          io,
          root(name),
          (path, begun) -> {
            uploads.add(path);
            return false;
          });
    }
    return uploads;
  }

  private Map<String, String> fileKeys() {
    return Map.of(
        "s3.endpoint", front.endpoint().toString(),
        "s3.path-style-access", "true",
        "s3.access-key-id", ACCESS.accessKey(),
        "s3.secret-access-key", ACCESS.secretKey(),
        "client.region", "us-east-1",
        "http-client.type", "urlconnection",
        "http-client.urlconnection.socket-timeout-ms", "3000",
        // Seconds unless told otherwise, for every call that is made to fail.
        "s3.retry.min-wait-ms", "20",
        "s3.retry.max-wait-ms", "200");
  }

  /** A catalog in {@code home} whose tables lie in the store. */
  public Map<String, String> catalogKeys(Path home) {
    Map<String, String> keys = new HashMap<>(TestCatalog.keys(home));
    fileKeys().forEach((key, value) -> keys.put("catalog.property." + key, value));
    return keys;
  }

  @Override
  public void close() throws Exception {
    FileSystem.initialize(new Configuration(), null);
    front.close();
    store.close();
  }
}
