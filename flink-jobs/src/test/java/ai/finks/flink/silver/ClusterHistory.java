package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.broker.EmbeddedBroker;
import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.stream.RawStream;
import ai.finks.flink.stream.StreamLog;
import ai.finks.flink.table.FaultyCatalog;
import ai.finks.flink.table.FaultyCatalog.Fault;
import ai.finks.flink.table.LakeTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A random history of the whole pipeline on a cluster, between a broker and tables on disk. The
 * seed decides what is sent and what befalls the job; how far the job is at that moment is up to
 * the machine.
 */
final class ClusterHistory implements AutoCloseable {
  private static final int RESTARTS = 20;

  private final Random random;
  private final HistoryLog log;
  private final EmbeddedBroker broker;
  private final MiniFlink flink;
  private final Path home;
  private final Lake lake;
  private final String topic = "desk.trades" + UUID.randomUUID() + ".raw.v1";
  private final List<String> steps = new ArrayList<>();
  private final List<String> savepoints = new ArrayList<>();
  private final int[] sent;
  private MiniFlink.@Nullable Job job;
  private String writerId = "";
  private int parallelism = 2;

  ClusterHistory(long seed, EmbeddedBroker broker, MiniFlink flink, Path home) {
    this.random = new Random(seed);
    this.log = new HistoryLog(random, 1 + random.nextInt(3));
    this.broker = broker;
    this.flink = flink;
    this.home = home;
    this.lake = new Lake(home, HistoryRecords.ENTITY);
    this.sent = new int[log.partitionCount()];
    LakeTables.createMissing(lake.catalog(), lake.root(), List.of(HistoryRecords.contract()));
    broker.createTopics(log.partitionCount(), topic);
  }

  void live() throws Exception {
    write();
    submit(null);
    for (int left = 3 + random.nextInt(3); left > 0; left--) {
      write();
      step();
    }
    note("settle");
    FaultyCatalog.healAll();
    awaitAllRead();
    job().kill();
    new HistoryTables(lake.catalog(), HistoryRecords.ENTITY).assertHold(log);
  }

  List<String> steps() {
    return steps;
  }

  private void step() throws Exception {
    switch (random.nextInt(6)) {
      case 0:
        note("restart without state");
        job().kill();
        submit(null);
        break;
      case 1:
        takeSavepoint();
        write();
        break;
      case 2:
        note("older savepoint");
        job().kill();
        submit(savepoints.isEmpty() ? null : savepoints.get(random.nextInt(savepoints.size())));
        break;
      case 3:
        takeSavepoint();
        note("rescale");
        job().kill();
        parallelism = 1 + random.nextInt(3);
        submit(savepoints.get(savepoints.size() - 1));
        break;
      case 4:
        note("take over");
        awaitClaimed();
        submit(null);
        break;
      default:
        failCommit(random.nextBoolean() ? Fault.LOST_ONCE : Fault.ANSWER_LOST_ONCE);
    }
  }

  private void failCommit(Fault fault) {
    PipelineTable table = PipelineTable.values()[random.nextInt(PipelineTable.values().length)];
    note(fault + " at " + table);
    FaultyCatalog.inject(table.identifier(HistoryRecords.ENTITY), fault);
    write();
  }

  private void takeSavepoint() {
    note("savepoint");
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsMatching(e -> e instanceof ExecutionException)
        .until(
            () -> {
              restartIfItEnded();
              savepoints.add(job().savepoint(home.resolve("savepoints")));
              return true;
            });
  }

  /** Of two that both take over at the same moment the later one stays; here it is to be known. */
  private void awaitClaimed() {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .until(
            () -> {
              restartIfItEnded();
              return lake.writerOf(PipelineTable.SILVER).equals(writerId);
            });
  }

  private void write() {
    int count = 10 + random.nextInt(60);
    note("write " + count);
    for (int left = count; left > 0; left--) {
      switch (random.nextInt(8)) {
        case 0:
          log.duplicate();
          break;
        case 1:
        case 2:
          log.restate();
          break;
        case 3:
          log.corrupt();
          break;
        default:
          log.send();
      }
    }
    send();
  }

  private void send() {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int p = 0; p < log.partitionCount(); p++) {
        for (; sent[p] < log.partition(p).size(); sent[p]++) {
          byte[] wire = log.partition(p).get(sent[p]).wire;
          producer.send(new ProducerRecord<>(topic, p, null, wire));
        }
      }
      producer.flush();
    }
  }

  private void awaitAllRead() {
    Awaitility.await()
        .atMost(MiniFlink.PATIENCE)
        .pollInterval(Duration.ofMillis(30))
        .until(
            () -> {
              restartIfItEnded();
              Map<Integer, Long> offsets = lake.offsets(PipelineTable.SILVER);
              boolean all = true;
              for (int p = 0; p < log.partitionCount(); p++) {
                all &= offsets.getOrDefault(p, 0L) >= log.partition(p).size();
              }
              return all;
            });
  }

  /** A job may refuse a state that went another way than the tables; it says what to do then. */
  private void restartIfItEnded() throws Exception {
    if (job().status().isGloballyTerminalState()) {
      assertThat(job().awaitFailure()).contains("without state");
      note("restart as asked for");
      submit(null);
    }
  }

  private MiniFlink.Job job() {
    return Objects.requireNonNull(job);
  }

  private void submit(@Nullable String savepoint) throws Exception {
    Pipeline pipeline = lake.submission(Map.of(topic, HistoryRecords.SOURCE));
    StreamExecutionEnvironment env = MiniFlink.environment(RESTARTS, home.resolve("checkpoints"));
    SilverJob.prepare(env, MiniFlink.CHECKPOINT_MILLIS);
    SilverJob.pipeline(
        env,
        RawStream.live(pipeline.topics(), pipeline.tables(), pipeline.catalogLoader(), client()),
        pipeline,
        StreamLog.Connector.kafka(client()),
        HistoryRecords::refiner,
        parallelism);
    job = flink.submit(env, savepoint);
    writerId = pipeline.writerId();
  }

  private Properties client() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", broker.bootstrapServers());
    return properties;
  }

  private void note(String step) {
    steps.add(step);
  }

  @Override
  public void close() throws Exception {
    FaultyCatalog.healAll();
    if (job != null) {
      job.kill();
    }
    lake.close();
  }
}
