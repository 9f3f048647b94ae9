package ai.finks.bench.host;

import ai.finks.broker.BrokerConfig;
import ai.finks.broker.EmbeddedBroker;
import ai.finks.schemas.raw.RawRecords;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * The broker and the schema registry of a benchmark, in a process of their own, so that what is
 * measured shares neither heap nor garbage collector with them.
 */
public final class StreamHost implements AutoCloseable {
  private static final int HEAP_MEBIBYTES = 768;
  private static final int START_SECONDS = 60;
  private static final String ADDRESS_FILE = "stream-host.properties";

  private final ChildJvm process;
  private final String bootstrapServers;
  private final String registryUrl;
  private final int rawSchemaId;

  private StreamHost(ChildJvm process, Properties address) {
    this.process = process;
    this.bootstrapServers = address.getProperty("bootstrap");
    this.registryUrl = address.getProperty("registry");
    this.rawSchemaId = Integer.parseInt(address.getProperty("raw-schema-id"));
  }

  /** Starts the process with its files in {@code folder}. */
  public static StreamHost start(Path folder) throws IOException, InterruptedException {
    ChildJvm process =
        ChildJvm.start(
            Files.createDirectories(folder),
            new ChildJvm.Launch(
                "stream-host",
                System.getProperty("java.class.path"),
                HEAP_MEBIBYTES,
                List.of(),
                StreamHost.class.getName(),
                List.of(folder.toString())));
    Path file = folder.resolve(ADDRESS_FILE);
    long deadline = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (!Files.exists(file)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String tail = process.tail();
        process.close();
        throw new ChildFailedException("The broker did not start\n" + tail);
      }
      Thread.sleep(20);
    }
    Properties address = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      address.load(reader);
    }
    return new StreamHost(process, address);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public String registryUrl() {
    return registryUrl;
  }

  /** The registry's id of the raw record's schema. */
  public int rawSchemaId() {
    return rawSchemaId;
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }

  /** The child: {@code FOLDER}. */
  public static void main(String[] arguments) throws Exception {
    ParentWatch.start();
    Path folder = Path.of(arguments[0]);
    // On a machine that is too busy to let the broker live for two seconds it is not dead.
    BrokerConfig config =
        BrokerConfig.defaults()
            .withOverrides(
                Map.of(
                    "broker.session.timeout.ms", "60000", "broker.heartbeat.interval.ms", "2000"));
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), config);
        SchemaServer registry = new SchemaServer()) {
      Properties address = new Properties();
      address.setProperty("bootstrap", broker.bootstrapServers());
      address.setProperty("registry", registry.url());
      int id = registry.register("raw", RawRecords.SCHEMA_JSON);
      address.setProperty("raw-schema-id", Integer.toString(id));
      Path draft = folder.resolve(ADDRESS_FILE + ".new");
      try (var writer = Files.newBufferedWriter(draft)) {
        address.store(writer, null);
      }
      Files.move(draft, folder.resolve(ADDRESS_FILE), StandardCopyOption.ATOMIC_MOVE);
      new CountDownLatch(1).await();
    }
  }
}
