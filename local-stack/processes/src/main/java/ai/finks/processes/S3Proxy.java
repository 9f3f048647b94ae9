package ai.finks.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An S3 API on loopback over a folder (S3Proxy), in a process of its own. Each folder below is a
 * bucket, each object a file at its key; what was written stays when the process is killed.
 */
public final class S3Proxy implements AutoCloseable {
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
  private static final int CONNECT_MILLIS = 500;
  private static final String LOGGING =
      "<configuration><appender name=\"out\" class=\"ch.qos.logback.core.ConsoleAppender\"><encoder>"
          + "<pattern>%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg%n</pattern></encoder></appender>"
          + "<root level=\"WARN\"><appender-ref ref=\"out\"/></root></configuration>\n";

  private final ChildProcess process;
  private final int port;

  private S3Proxy(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * How it is run.
   *
   * @param mark see {@link Program#mark}
   * @param jars folder with S3Proxy's jars
   * @param store the folder that holds the buckets
   * @param bucket made if it is missing
   * @param access the only one that may use it
   * @param port on loopback
   * @param settings file for its settings, which hold the secret: readable by the owner only
   * @param log where its output goes
   */
  public record Settings(
      String mark,
      Path jars,
      Path store,
      String bucket,
      S3Access access,
      int port,
      Path settings,
      Path log) {}

  /** Starts it and returns at once. */
  public static S3Proxy start(Settings settings) throws IOException {
    if (!Files.isDirectory(settings.jars())) {
      throw new IOException("No S3Proxy in " + settings.jars());
    }
    Files.createDirectories(settings.store().resolve(settings.bucket()));
    OwnerFiles.write(settings.settings(), properties(settings));
    Path logging = settings.settings().resolveSibling("s3proxy-logback.xml");
    Files.writeString(logging, LOGGING);
    Program program =
        new Program(
            settings.mark(),
            settings.jars().resolve("*").toString(),
            "org.gaul.s3proxy.Main",
            List.of(
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dlogback.configurationFile=" + logging),
            List.of("--properties", settings.settings().toString()),
            Map.of(),
            settings.log());
    return new S3Proxy(ChildProcess.start(program), settings.port());
  }

  /** Waits until it serves. */
  public void awaitReady() throws IOException, InterruptedException {
    process.awaitReady("The object store", this::listens, READY_TIMEOUT);
  }

  /** Where it listens. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Its process. */
  public ChildProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String properties(Settings settings) {
    return String.join(
        "\n",
        "s3proxy.endpoint=http://127.0.0.1:" + settings.port(),
        "s3proxy.authorization=aws-v2-or-v4",
        "s3proxy.identity=" + settings.access().accessKey(),
        "s3proxy.credential=" + settings.access().secretKey(),
        "s3proxy.ignore-unknown-headers=true",
        "jclouds.provider=filesystem-nio2",
        "jclouds.filesystem.basedir=" + settings.store(),
        "");
  }
}
