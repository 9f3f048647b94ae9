package ai.finks.dynamodb;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * DynamoDBLocal inside this JVM, on no port: its tables lie in a folder and outlive it.
 *
 * <p>Its classes come from a class path of their own (see {@code server/pom.xml}), behind this
 * JVM's: of what both have, the AWS SDK among it, this JVM's counts.
 */
public final class EmbeddedDynamo implements AutoCloseable {
  private static final String DATABASE = "tables.db";
  private static final String NATIVE_FOLDER = "sqlite4java.library.path";
  private static final String EMBEDDED =
      "com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded";
  private static final String LOCAL =
      "com.amazonaws.services.dynamodbv2.local.shared.access.AmazonDynamoDBLocal";

  private final Object local;
  private final Class<?> type;
  private final DynamoDbClient client;

  private EmbeddedDynamo(Object local, Class<?> type) throws ReflectiveOperationException {
    this.local = local;
    this.type = type;
    this.client = (DynamoDbClient) type.getMethod("dynamoDbClient").invoke(local);
  }

  /**
   * Opens the tables of a folder, which is made if it is not there.
   *
   * @param classpathFile names the jars and native libraries, as {@code ./finks} wrote it
   * @throws IOException if it does not start; says why
   */
  public static EmbeddedDynamo open(Path classpathFile, Path folder) throws IOException {
    String library =
        nativeLibrary()
            .orElseThrow(
                () ->
                    new IOException(
                        String.format(
                            "DynamoDBLocal has no SQLite for %s on %s",
                            System.getProperty("os.name"), System.getProperty("os.arch"))));
    Files.createDirectories(folder);
    List<URL> jars = new ArrayList<>();
    for (String entry : Files.readString(classpathFile).trim().split(File.pathSeparator)) {
      Path file = Path.of(entry);
      jars.add(file.toUri().toURL());
      if (String.valueOf(file.getFileName()).startsWith(library)) {
        System.setProperty(NATIVE_FOLDER, String.valueOf(file.getParent()));
      }
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    URLClassLoader loader =
        new URLClassLoader(
            "dynamodb", jars.toArray(URL[]::new), EmbeddedDynamo.class.getClassLoader());
    try {
      Thread.currentThread().setContextClassLoader(loader);
      Class<?> embedded = loader.loadClass(EMBEDDED);
      Method create = embedded.getMethod("create", File.class, Boolean.class);
      // One region and one user for all: whoever asks sees the same tables.
      Object local = create.invoke(null, folder.resolve(DATABASE).toFile(), true);
      return new EmbeddedDynamo(local, loader.loadClass(LOCAL));
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("DynamoDBLocal does not start on " + folder + ": " + cause, e);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** Whether it can run on this machine. */
  public static boolean isSupported() {
    return nativeLibrary().isPresent();
  }

  private static Optional<String> nativeLibrary() {
    return nativeLibrary(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /** What the name of the native library for a machine begins with; empty if there is none. */
  static Optional<String> nativeLibrary(String osName, String osArch) {
    boolean wide = osArch.equals("amd64") || osArch.equals("x86_64");
    boolean narrow = osArch.equals("x86") || osArch.matches("i[3-6]86");
    if (osName.startsWith("Linux") && (wide || narrow)) {
      return Optional.of("libsqlite4java-linux-" + (wide ? "amd64" : "i386") + "-");
    }
    if (osName.startsWith("Mac") && wide) {
      return Optional.of("libsqlite4java-osx-");
    }
    if (osName.startsWith("Windows") && (wide || narrow)) {
      return Optional.of("sqlite4java-win32-" + (wide ? "x64" : "x86") + "-");
    }
    return Optional.empty();
  }

  public DynamoDbClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    try {
      type.getMethod("shutdown").invoke(local);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DynamoDBLocal does not end: " + e.getCause(), e);
    }
  }
}
