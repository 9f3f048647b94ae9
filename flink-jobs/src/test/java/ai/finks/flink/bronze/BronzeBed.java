package ai.finks.flink.bronze;

import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.bronze.io.BronzeReader;
import ai.finks.flink.bronze.io.WireFormatLoader;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.RecordedOffsets;
import ai.finks.flink.table.RunCounts;
import ai.finks.flink.table.StreamPartition;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** An empty lake for a test of the bronze job, and what the test does with the servers. */
final class BronzeBed implements AutoCloseable {
  static final WireFormatLoader WIRE_FORMAT =
      () -> {
        InMemoryRegistryClient registry = new InMemoryRegistryClient();
        registry.register("any", RawRecords.SCHEMA_JSON);
        return new ConfluentWireFormat(registry);
      };

  /** The id that {@link #WIRE_FORMAT} has the raw record's schema under. */
  static final int SCHEMA_ID = 1;

  /** How long a test waits for what must come; long, as a busy machine is no failure. */
  static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("patience.seconds", 180));

  private final Path home;
  private final String lakeRoot;
  private final Map<String, String> catalogKeys;
  private final EmbeddedBroker broker;
  private final MiniCluster cluster;
  private final KafkaProducer<byte[], byte[]> producer;

  private BronzeBed(
      Path home, String lakeRoot, Map<String, String> catalogKeys, BronzeServers servers) {
    this.home = home;
    this.lakeRoot = lakeRoot;
    this.catalogKeys = catalogKeys;
    this.broker = servers.broker();
    this.cluster = servers.cluster();
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  static BronzeBed make(Path home, BronzeServers servers) throws Exception {
    return make(home, home.resolve("lake").toString(), TestCatalog.keys(home), servers);
  }

  /** A lake elsewhere than in the home. */
  static BronzeBed make(
      Path home, String lakeRoot, Map<String, String> catalogKeys, BronzeServers servers)
      throws Exception {
    BronzeBed bed = new BronzeBed(home, lakeRoot, catalogKeys, servers);
    LakeCatalog.initialise(bed.catalogConfig());
    try (LakeCatalog catalog = LakeCatalog.open(bed.catalogConfig())) {
      LakeTables.createShared(catalog, lakeRoot);
    }
    return bed;
  }

  private CatalogConfig catalogConfig() {
    return CatalogConfig.of(catalogKeys, lakeRoot);
  }

  EmbeddedBroker broker() {
    return broker;
  }

  CatalogLoader catalog() {
    return CatalogLoader.of(catalogConfig());
  }

  String lakeRoot() {
    return lakeRoot;
  }

  Path lake() {
    return home.resolve("lake");
  }

  Future<RecordMetadata> send(
      String topic, int partition, byte @Nullable [] key, byte @Nullable [] value) {
    return producer.send(new ProducerRecord<>(topic, partition, key, value));
  }

  void flush() {
    producer.flush();
  }

  Map<String, String> keys(String... topics) {
    Map<String, String> keys = new HashMap<>(catalogKeys);
    keys.put("lake.root", lakeRoot);
    keys.put("kafka.bootstrap-servers", broker.bootstrapServers());
    keys.put("registry.url", "http://localhost");
    keys.put("topics", String.join(",", topics));
    keys.put("checkpoint.interval", "100ms");
    keys.put("take-over", "true");
    return keys;
  }

  JobID submit(Map<String, String> keys, CatalogLoader catalog, Map<String, String> flink)
      throws Exception {
    return submit(keys, catalog, flink, null);
  }

  JobID submit(
      Map<String, String> keys,
      CatalogLoader catalog,
      Map<String, String> flink,
      @Nullable String savepoint)
      throws Exception {
    Map<String, String> settings = new HashMap<>(flink);
    settings.putIfAbsent("restart-strategy.type", "none");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(settings));
    BronzeJob.define(env, BronzeConfig.of(keys), catalog, WIRE_FORMAT);
    JobGraph graph = env.getStreamGraph().getJobGraph();
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, false));
    }
    return cluster.submitJob(graph).get().getJobID();
  }

  String savepoint(JobID job) throws Exception {
    return cluster
        .triggerSavepoint(
            job,
            home.resolve("savepoints").toUri().toString(),
            false,
            org.apache.flink.core.execution.SavepointFormatType.CANONICAL)
        .get();
  }

  boolean hasEnded(JobID job) {
    try {
      return cluster.getJobStatus(job).get().isGloballyTerminalState();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends a job as a crash does: no last checkpoint, nothing committed. */
  void kill(JobID job) throws Exception {
    if (!hasEnded(job)) {
      try {
        cluster.cancelJob(job).get();
      } catch (ExecutionException e) {
        // It may have ended by itself.
      }
    }
    Awaitility.await().atMost(PATIENCE).until(() -> hasEnded(job));
  }

  /** Waits for a job that ends by itself and returns why. */
  Throwable failure(JobID job) throws Exception {
    Awaitility.await().atMost(PATIENCE).until(() -> hasEnded(job));
    JobResult result = cluster.requestJobResult(job).get();
    if (cluster.getJobStatus(job).get() != JobStatus.FAILED) {
      throw new AssertionError("Job ended as " + cluster.getJobStatus(job).get());
    }
    return result
        .getSerializedThrowable()
        .orElseThrow()
        .deserializeError(getClass().getClassLoader());
  }

  /** Waits until the ledger stands at the end of all partitions. */
  void awaitAll(JobID job, Map<String, Long> endOfEveryPartition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (hasEnded(job)) {
                throw new AssertionError("The job ended", failure(job));
              }
              return ledgerEnds().equals(endOfEveryPartition);
            });
  }

  /** Where the ledger stands: {@code topic/partition} to next offset, zeros left out. */
  Map<String, Long> ledgerEnds() {
    Map<String, Long> ends = new HashMap<>();
    try (LakeCatalog catalog = catalog().open()) {
      RecordedOffsets.of(catalog.load(LakeTables.BRONZE_FILES))
          .forEach(
              (partition, next) -> ends.put(partition.topic() + "/" + partition.partition(), next));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ends;
  }

  Map<StreamPartition, Long> recorded() throws IOException {
    try (LakeCatalog catalog = catalog().open()) {
      return RecordedOffsets.of(catalog.load(LakeTables.BRONZE_FILES));
    }
  }

  /** What the ledger's commits say about the runs behind them: records by run id. */
  Map<String, Long> runs() throws IOException {
    RunCounts runs = RunCounts.none();
    try (LakeCatalog catalog = catalog().open()) {
      for (Snapshot snapshot : catalog.load(LakeTables.BRONZE_FILES).snapshots()) {
        runs = runs.plus(RunCounts.of(snapshot));
      }
    }
    return runs.records();
  }

  List<Record> ledger() throws IOException {
    try (LakeCatalog catalog = catalog().open();
        CloseableIterable<Record> rows =
            IcebergGenerics.read(catalog.load(LakeTables.BRONZE_FILES)).build()) {
      List<Record> all = new ArrayList<>();
      rows.forEach(all::add);
      return all;
    }
  }

  /** Files below Bronze's folder but the ledger's, relative to the lake. */
  List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    addFiles(new org.apache.flink.core.fs.Path(lakeRoot, "bronze"), "bronze", files);
    Collections.sort(files);
    return files;
  }

  private static void addFiles(
      org.apache.flink.core.fs.Path folder, String name, List<String> files) throws IOException {
    FileStatus[] found;
    try {
      found = folder.getFileSystem().listStatus(folder);
    } catch (FileNotFoundException e) {
      return;
    }
    for (FileStatus file : found == null ? new FileStatus[0] : found) {
      String path = name + "/" + file.getPath().getName();
      if (!file.isDir()) {
        files.add(path);
      } else if (!path.equals("bronze/_ledger")) {
        addFiles(file.getPath(), path, files);
      }
    }
  }

  byte[] bytes(String path) throws IOException {
    org.apache.flink.core.fs.Path file = new org.apache.flink.core.fs.Path(lakeRoot, path);
    try (InputStream in = file.getFileSystem().open(file)) {
      return in.readAllBytes();
    }
  }

  List<String> visibleFiles() throws IOException {
    return files().stream()
        .filter(path -> !path.substring(path.lastIndexOf('/') + 1).startsWith("."))
        .collect(Collectors.toList());
  }

  List<BronzeEnvelope> envelopes(List<String> paths) throws IOException {
    BronzeReader reader = new BronzeReader(lakeRoot);
    List<BronzeEnvelope> envelopes = new ArrayList<>();
    for (String path : paths) {
      reader.read(path, envelopes::add);
    }
    return envelopes;
  }

  @Override
  public void close() throws Exception {
    producer.close(Duration.ZERO);
    for (JobStatusMessage job : cluster.listJobs().get()) {
      kill(job.getJobId());
    }
    try (Admin admin = broker.admin()) {
      Set<String> topics = admin.listTopics().names().get();
      admin.deleteTopics(topics).all().get();
      awaitGone(admin, topics);
    }
  }

  static void awaitGone(Admin admin, Set<String> topics) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> Collections.disjoint(admin.listTopics().names().get(), topics));
  }
}
