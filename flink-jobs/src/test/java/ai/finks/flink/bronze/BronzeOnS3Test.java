package ai.finks.flink.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.table.FaultyS3.Fault;
import ai.finks.flink.table.S3Store;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bronze behind an S3 API, one that works and one that does not. */
class BronzeOnS3Test {
  private static final String TOPIC = "fmp.bars.raw.v1";
  private static final int PARTITIONS = 2;
  private static final Map<String, String> RESTARTS =
      Map.of(
          "restart-strategy.type", "fixed-delay",
          "restart-strategy.fixed-delay.attempts", "1000",
          "restart-strategy.fixed-delay.delay", "50ms");

  @TempDir static Path shared;
  private static BronzeServers servers;
  private static S3Store store;

  @TempDir Path home;
  private final RawRecordEncoder encoder =
      new RawRecordEncoder(ConfluentWireFormat.header(BronzeBed.SCHEMA_ID));
  private final Map<String, Long> ends = new HashMap<>();
  private BronzeBed bed;

  @BeforeAll
  static void startServers() throws Exception {
    store = S3Store.start(shared.resolve("store"));
    servers = BronzeServers.start(shared.resolve("kafka"));
  }

  @AfterAll
  static void closeServers() throws Exception {
    servers.close();
    store.close();
  }

  @BeforeEach
  void start() throws Exception {
    bed =
        BronzeBed.make(
            home, store.root(home.getFileName().toString()), store.catalogKeys(home), servers);
    bed.broker().createTopics(PARTITIONS, TOPIC);
  }

  @AfterEach
  void close() throws Exception {
    store.front().heal();
    bed.close();
  }

  @Test
  void killedWritersLeaveNoUploadBehindOnceTheLedgerHasPassedThem() throws Exception {
    String lake = home.getFileName().toString();
    send(200);
    JobID first = bed.submit(bed.keys(TOPIC), bed.catalog(), Map.of());
    bed.awaitAll(first, ends);
    store
        .front()
        .fail(1, 1, call -> call.startsWith("POST ") && call.contains("uploadId="), Fault.FAILED);
    send(200);
    Awaitility.await().atMost(BronzeBed.PATIENCE).until(() -> bed.hasEnded(first));
    store.front().heal();
    assertThat(store.openUploads(lake)).as("uploads that the first job began").isNotEmpty();

    JobID second = bed.submit(bed.keys(TOPIC), bed.catalog(), Map.of());
    bed.awaitAll(second, ends);
    Awaitility.await()
        .atMost(BronzeBed.PATIENCE)
        .untilAsserted(() -> assertThat(store.openUploads(lake)).isEmpty());
    bed.kill(second);

    BronzeAudit.requireExact(bed, ends);
    BronzeAudit.requireNoLeftovers(bed);
  }

  @Test
  void jobGoesOnWhereUploadsCannotBeListed() throws Exception {
    long before = store.front().count(Fault.FAILED);
    store
        .front()
        .fail(1, 1, call -> call.startsWith("GET ") && call.contains("uploads"), Fault.FAILED);
    send(200);
    JobID job = bed.submit(bed.keys(TOPIC), bed.catalog(), Map.of());
    bed.awaitAll(job, ends);
    Awaitility.await()
        .atMost(BronzeBed.PATIENCE)
        .until(() -> store.front().count(Fault.FAILED) > before);
    send(200);

    bed.awaitAll(job, ends);
    store.front().heal();
    bed.kill(job);

    BronzeAudit.requireExact(bed, ends);
  }

  @Test
  void throttledSlowHalfClosedAndFailingCallsLoseAndDoubleNothing() throws Exception {
    send(200);
    JobID first = bed.submit(bed.keys(TOPIC), bed.catalog(), Map.of());
    bed.awaitAll(first, ends);
    bed.kill(first);
    JobID job = bed.submit(bed.keys(TOPIC), bed.catalog(), RESTARTS);

    store.front().fail(5, 10, call -> true, Fault.values());
    for (int round = 0; round < 3; round++) {
      send(200);
      long wanted = total(ends) - 150;
      Awaitility.await().atMost(BronzeBed.PATIENCE).until(() -> total(bed.ledgerEnds()) >= wanted);
    }
    store.front().heal();
    bed.awaitAll(job, ends);
    bed.kill(job);

    BronzeAudit.requireExact(bed, ends);
  }

  private static long total(Map<String, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  private void send(int records) {
    for (int i = 0; i < records; i++) {
      int partition = i % PARTITIONS;
      long offset = ends.getOrDefault(TOPIC + "/" + partition, 0L);
      RawRecord record =
          RawRecord.builder()
              .source("fmp")
              .entity("bars")
              .runId("run-" + offset % 3)
              .batchId("batch")
              .sequence(offset)
              .ingestTimeMicros(1767621295123456L)
              .key("key-" + offset)
              .contentType("application/json")
              .payload(("{\"offset\":" + offset + "}").getBytes(StandardCharsets.UTF_8))
              .attributes(Map.of())
              .build();
      bed.send(TOPIC, partition, null, encoder.encode(record));
      ends.merge(TOPIC + "/" + partition, 1L, Long::sum);
    }
    bed.flush();
  }
}
