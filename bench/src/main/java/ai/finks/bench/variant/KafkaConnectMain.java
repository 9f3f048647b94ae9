package ai.finks.bench.variant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.iceberg.Snapshot;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * The process of the Kafka Connect peer: {@code SETUP_FILE}. A stock standalone worker with
 * Iceberg's sink and one connector per lap. It runs on the peer's own class path, so this class
 * knows Connect by name only.
 *
 * <p>The sink cannot filter, hash or deduplicate; what is no JSON the worker skips. Its commits
 * cannot be asked for, so a lap ends for it when the last record was handed to the sink.
 */
public final class KafkaConnectMain {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WORKER = "org.apache.kafka.connect.cli.ConnectStandalone";
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long POLL_MILLIS = 5;

  private final VariantSetup setup;
  private final URI worker;
  private final HttpClient http = HttpClient.newHttpClient();

  private KafkaConnectMain(VariantSetup setup, URI worker) {
    this.setup = setup;
    this.worker = worker;
  }

  public static void main(String[] arguments) {
    VariantProcess.main(arguments, KafkaConnectMain::run);
  }

  private static void run(VariantSetup setup) throws Exception {
    int port = freePort();
    startWorker(setup, port);
    KafkaConnectMain peer = new KafkaConnectMain(setup, URI.create("http://127.0.0.1:" + port));
    List<Lap> laps = new ArrayList<>();
    long start = VariantProcess.jvmStart();
    peer.awaitWorker();
    for (int lap = 1; lap <= setup.laps(); lap++) {
      laps.add(peer.run(lap, start));
      System.out.println("lap " + lap + ": " + laps.get(lap - 1));
      start = System.nanoTime();
    }
    VariantResult.of(laps).store(setup.resultFile());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void startWorker(VariantSetup setup, int port) throws IOException {
    List<String> lines =
        List.of(
            "bootstrap.servers=" + setup.bootstrapServers(),
            "listeners=http://127.0.0.1:" + port,
            "key.converter=org.apache.kafka.connect.converters.ByteArrayConverter",
            "value.converter=org.apache.kafka.connect.json.JsonConverter",
            "value.converter.schemas.enable=false",
            "offset.storage.file.filename=" + setup.folder().resolve("connect.offsets"),
            "offset.flush.interval.ms=10000",
            "plugin.discovery=service_load");
    Path file = Files.write(setup.folder().resolve("worker.properties"), lines);
    Thread worker =
        new Thread(
            () -> {
              try {
                Class.forName(WORKER)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {file.toString()});
              } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Kafka Connect is not on the class path", e);
              }
            },
            "connect-worker");
    worker.start();
  }

  private void awaitWorker() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < deadline) {
      try {
        if (send("GET", "/connectors", null).statusCode() == 200) {
          return;
        }
      } catch (ConnectException e) {
        // It is still starting.
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("The Connect worker did not start");
  }

  private Lap run(int lap, long start) throws Exception {
    String name = "quotes-" + setup.folder().getFileName() + "-" + lap;
    createControlTopic(name + "-control");
    create(name, setup.lap(lap));
    awaitCondition(name, () -> read(name) > 0);
    long first = System.nanoTime();
    awaitCondition(name, () -> read(name) >= setup.records());
    long end = System.nanoTime();
    awaitCondition(name, () -> committedRows(setup.lap(lap)) >= setup.rows());
    long committed = System.nanoTime();
    send("DELETE", "/connectors/" + name, null);
    return new Lap(
        setup.records(), (end - start) / 1e9, (end - first) / 1e9, (committed - end) / 1e9);
  }

  private void createControlTopic(String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", setup.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private void create(String name, Path lap) throws IOException, InterruptedException {
    Map<String, String> config = new TreeMap<>();
    config.put("connector.class", "org.apache.iceberg.connect.IcebergSinkConnector");
    config.put("tasks.max", Integer.toString(setup.parallelism()));
    config.put("topics", setup.bareTopic());
    config.put("iceberg.tables", BareTables.NAMESPACE + "." + BareTables.NAME);
    config.put("iceberg.catalog.type", "hadoop");
    config.put("iceberg.catalog.warehouse", BareTables.warehouse(lap).toUri().toString());
    config.put("iceberg.hadoop.fs.file.impl", RawLocalFileSystem.class.getName());
    config.put("iceberg.kafka.bootstrap.servers", setup.bootstrapServers());
    config.put("iceberg.control.topic", name + "-control");
    config.put(
        "iceberg.control.commit.interval-ms", Long.toString(setup.commitInterval().toMillis()));
    config.put("errors.tolerance", "all");
    ConsumerSettings.of(setup.bootstrapServers())
        .forEach((key, value) -> config.put("consumer.override." + key, value.toString()));
    config.remove("consumer.override.bootstrap.servers");
    config.remove("consumer.override.enable.auto.commit");
    String body = JSON.writeValueAsString(Map.of("name", name, "config", config));
    HttpResponse<String> answer = send("POST", "/connectors", body);
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException("The connector was refused: " + answer.body());
    }
  }

  private static long read(String connector) {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    long total = 0;
    try {
      ObjectName tasks =
          new ObjectName(
              "kafka.connect:type=sink-task-metrics,connector=\"" + connector + "\",task=*");
      ObjectName unquoted =
          new ObjectName("kafka.connect:type=sink-task-metrics,connector=" + connector + ",task=*");
      for (ObjectName pattern : List.of(tasks, unquoted)) {
        for (ObjectName task : beans.queryNames(pattern, null)) {
          total += ((Number) beans.getAttribute(task, "sink-record-read-total")).longValue();
        }
      }
    } catch (JMException e) {
      // A task came or went meanwhile: the next look will tell.
    }
    return total;
  }

  private static long committedRows(Path lap) {
    Snapshot snapshot = BareTables.load(lap).currentSnapshot();
    return snapshot == null
        ? 0
        : Long.parseLong(snapshot.summary().getOrDefault("total-records", "0"));
  }

  private void awaitCondition(String connector, BooleanSupplier condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    for (int poll = 0; !condition.getAsBoolean(); poll++) {
      if (poll % 200 == 199) {
        requireAlive(connector);
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "Kafka Connect has read " + read(connector) + " records and does not get further");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private void requireAlive(String connector) throws IOException, InterruptedException {
    HttpResponse<String> answer = send("GET", "/connectors/" + connector + "/status", null);
    for (JsonNode task : JSON.readTree(answer.body()).path("tasks")) {
      if (task.path("state").asText().equals("FAILED")) {
        throw new IllegalStateException("A sink task failed: " + task.path("trace").asText());
      }
    }
  }

  private HttpResponse<String> send(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher content =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return http.send(
        HttpRequest.newBuilder(worker.resolve(path))
            .method(method, content)
            .header("Content-Type", "application/json")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
