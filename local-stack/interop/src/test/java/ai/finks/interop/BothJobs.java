package ai.finks.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.bronze.BronzeConfig;
import ai.finks.flink.bronze.BronzeJob;
import ai.finks.flink.silver.SilverConfig;
import ai.finks.flink.silver.SilverJob;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.processes.ChildProcess;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginManager;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The bronze and the silver job for bars, configured as a deployment on AWS would: a lake on S3,
 * its tables in Glue's catalog.
 */
final class BothJobs implements AutoCloseable {
  /** How long a busy machine may take. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Path SCHEMAS = Path.of("..", "..", "schemas");

  private final MiniCluster cluster;
  private final LakeCatalog catalog;
  private final String bootstrapServers;

  private BothJobs(MiniCluster cluster, LakeCatalog catalog, String bootstrapServers) {
    this.cluster = cluster;
    this.catalog = catalog;
    this.bootstrapServers = bootstrapServers;
  }

  static BothJobs start(Path home, EmbeddedBroker broker, GlueAccount account) throws Exception {
    Map<String, String> keys = new HashMap<>(account.catalog());
    keys.put("lake.root", account.lake());
    keys.put("kafka.bootstrap-servers", broker.bootstrapServers());
    keys.put("registry.url", account.address().toString());
    keys.put("checkpoint.interval", "200ms");
    keys.put("parallelism", "1");
    FileSystem.initialize(Configuration.fromMap(account.flinkFiles()), plugins());
    LakeCatalog catalog = tables(home, account.lake(), CatalogConfig.of(keys, account.lake()));
    MiniCluster cluster = new MiniCluster(settings());
    cluster.start();
    submit(cluster, environment -> SilverJob.define(environment, silver(home, keys)));
    submit(cluster, environment -> BronzeJob.define(environment, bronze(keys)));
    return new BothJobs(cluster, catalog, broker.bootstrapServers());
  }

  private static PluginManager plugins() throws IOException {
    return new DefaultPluginManager(
        new DirectoryBasedPluginFinder(ChildProcess.gathered().resolve("plugins")).findPlugins(),
        CoreOptions.getPluginParentFirstLoaderPatterns(new Configuration()));
  }

  private static LakeCatalog tables(Path home, String lake, CatalogConfig settings)
      throws IOException {
    SchemaCatalog schemas = SchemaCatalog.load(SCHEMAS);
    LakeCatalog.initialise(settings);
    LakeCatalog catalog = LakeCatalog.open(settings);
    KeyDirectory.createMissing(home.resolve("keys"), schemas.contracts(), entity -> false);
    LakeTables.createMissing(catalog, lake, schemas.contracts());
    return catalog;
  }

  private static SilverConfig silver(Path home, Map<String, String> keys) {
    Map<String, String> silver = new HashMap<>(keys);
    silver.put("schemas.dir", SCHEMAS.toString());
    silver.put("keys.dir", home.resolve("keys").toString());
    silver.put("entities", "bars");
    return SilverConfig.of(silver);
  }

  private static BronzeConfig bronze(Map<String, String> keys) {
    Map<String, String> bronze = new HashMap<>(keys);
    bronze.put("topics", Topics.raw("fmp", "bars"));
    return BronzeConfig.of(bronze);
  }

  private static MiniClusterConfiguration settings() {
    Configuration configuration = new Configuration();
    configuration.setString("rest.address", "localhost");
    configuration.setString("rest.bind-address", "localhost");
    configuration.setString("rest.bind-port", "0");
    configuration.setString("taskmanager.memory.network.min", "32mb");
    configuration.setString("taskmanager.memory.network.max", "32mb");
    return new MiniClusterConfiguration.Builder()
        .setConfiguration(configuration)
        .setNumTaskManagers(1)
        .setNumSlotsPerTaskManager(4)
        .build();
  }

  /** Adds a job to an environment. */
  private interface Definition {
    void define(StreamExecutionEnvironment environment) throws Exception;
  }

  private static void submit(MiniCluster cluster, Definition definition) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    definition.define(environment);
    cluster.submitJob(environment.getStreamGraph().getJobGraph()).get();
  }

  List<Record> silverRows() {
    return rows(LakeTables.silver("bars"));
  }

  private List<Record> rows(TableIdentifier table) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> read = IcebergGenerics.read(catalog.load(table)).build()) {
      read.forEach(rows::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** The envelopes of all objects of the ledger. */
  List<String> bronzeLines(String lake) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Record row : rows(LakeTables.BRONZE_FILES)) {
      var object =
          catalog
              .load(LakeTables.BRONZE_FILES)
              .io()
              .newInputFile(lake + "/" + row.getField("path"));
      try (InputStream in = object.newStream()) {
        lines.addAll(new String(in.readAllBytes(), UTF_8).lines().toList());
      }
    }
    return lines;
  }

  /** The first values of the typed topic. */
  List<byte[]> typedValues(int count) {
    List<byte[]> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(Topics.typed("bars"), 0)));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  @Override
  public void close() throws Exception {
    cluster.close();
    catalog.close();
    FileSystem.initialize(new Configuration(), null);
  }
}
