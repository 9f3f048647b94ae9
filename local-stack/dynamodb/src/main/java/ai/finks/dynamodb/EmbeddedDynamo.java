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
    Files.createDirectories(folder);
    List<URL> jars = new ArrayList<>();
    for (String entry : Files.readString(classpathFile).trim().split(File.pathSeparator)) {
      Path file = Path.of(entry);
      jars.add(file.toUri().toURL());
      if (entry.endsWith(".so") && entry.contains(architecture())) {
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

  private static String architecture() {
    return System.getProperty("os.arch").equals("amd64") ? "amd64" : "i386";
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
