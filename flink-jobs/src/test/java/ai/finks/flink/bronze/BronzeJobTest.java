package ai.finks.flink.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.bronze.core.BronzeEnvelope;
import ai.finks.flink.history.BronzeOrigin;
import ai.finks.flink.history.HistoryGapException;
import ai.finks.flink.history.HistoryRanges;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.stream.StreamGapException;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.FencedException;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.wire.ConfluentWireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BronzeJobTest {
  private static final String BARS = "fmp.bars.raw.v1";
  private static final String QUOTES = "screener.quotes.raw.v1";
  private static final long INGEST_MICROS = 1767621295123456L;
  private static final Map<String, String> RESTARTS =
      Map.of(
          "restart-strategy.type", "fixed-delay",
          "restart-strategy.fixed-delay.attempts", "20",
          "restart-strategy.fixed-delay.delay", "50ms");

  @TempDir static Path kafka;
  private static BronzeServers servers;

  @TempDir Path home;

  private final RawRecordEncoder encoder =
      new RawRecordEncoder(ConfluentWireFormat.header(BronzeBed.SCHEMA_ID));
  private final Map<String, Long> ends = new HashMap<>();
  private final Map<String, RawRecord> sent = new HashMap<>();
  private BronzeBed bed;

  @BeforeAll
  static void startServers() throws Exception {
    servers = BronzeServers.start(kafka);
  }

  @AfterAll
  static void closeServers() throws Exception {
    servers.close();
  }

  @BeforeEach
  void start() throws Exception {
    FaultyCatalog.reset();
    bed = BronzeBed.make(home, servers);
    bed.broker().createTopics(2, BARS, QUOTES);
  }

  @AfterEach
  void close() throws Exception {
    bed.close();
    FaultyCatalog.reset();
  }

  @Test
  void everyRecordLandsOnceWithItsFieldsAndPayload() throws Exception {
    sendOdd();
    send(BARS, 500);
    send(QUOTES, 300);

    JobID job = run();
    bed.awaitAll(job, ends);
    bed.kill(job);

    BronzeAudit.requireExact(bed, ends);
    for (BronzeEnvelope envelope : bed.envelopes(bed.visibleFiles())) {
      String coordinate = envelope.topic() + "/" + envelope.partition() + "/" + envelope.offset();
      assertThat(envelope.record()).as(coordinate).isEqualTo(sent.get(coordinate));
    }
  }

  @Test
  void objectsLieBySourceHourAndRun() throws Exception {
    send(BARS, 10);
    sendValue(BARS, 0, "not a record".getBytes(StandardCharsets.UTF_8));

    JobID job = run();
    bed.awaitAll(job, ends);

    assertThat(bed.visibleFiles())
        .filteredOn(path -> !path.contains("_undecodable"))
        .isNotEmpty()
        .allMatch(
            path ->
                path.matches(
                    "bronze/source=fmp/year=2026/month=01/day=05/hour=13/run_id=run-1/"
                        + "\\d{8}T\\d{9}Z_fmp\\.bars\\.raw\\.v1-[01]-\\d+-\\d+\\.json"));
    assertThat(bed.visibleFiles())
        .filteredOn(path -> path.contains("source=_undecodable/"))
        .singleElement()
        .asString()
        .contains("/run_id=_none/");
    assertThat(bed.runs())
        .as("values that are no records have no run")
        .isEqualTo(Map.of("run-1", 10L));
  }

  @Test
  void valuesThatAreNoRecordsLandWholeWithTheReason() throws Exception {
    byte[] garbage = {0, 0, 0, 0, 1, (byte) 0xff, 2};
    byte[] unknownSchema = {0, 0, 0, 0, 99, 1};
    sendValue(BARS, 0, garbage);
    sendValue(BARS, 0, unknownSchema);
    sendValue(BARS, 0, null);
    send(BARS, 1);

    JobID job = run();
    bed.awaitAll(job, ends);

    Map<Long, BronzeEnvelope> undecodable =
        bed.envelopes(bed.visibleFiles()).stream()
            .filter(envelope -> envelope.undecodable() != null)
            .collect(Collectors.toMap(BronzeEnvelope::offset, envelope -> envelope));
    assertThat(undecodable.get(0L).value()).isEqualTo(garbage);
    assertThat(undecodable.get(0L).undecodable()).isEqualTo("CORRUPT");
    assertThat(undecodable.get(1L).value()).isEqualTo(unknownSchema);
    assertThat(undecodable.get(1L).undecodable()).isEqualTo("UNKNOWN_SCHEMA");
    assertThat(undecodable.get(2L).value()).isNull();
    BronzeAudit.requireExact(bed, ends);
  }

  @Test
  void smallRollSizesMakeManyObjectsOfOneCheckpoint() throws Exception {
    send(BARS, 2000);
    Map<String, String> keys = bed.keys(BARS);
    keys.put("object.size", "20kb");
    keys.put("open-objects.size", "40kb");
    keys.put("checkpoint.interval", "2s");

    JobID job = bed.submit(keys, bed.catalog(), Map.of());
    bed.awaitAll(job, ends);

    assertThat(bed.visibleFiles()).hasSizeGreaterThan(10);
    BronzeAudit.requireExact(bed, ends);
  }

  @Test
  void restartsWithoutStateLoseAndDoubleNothing() throws Exception {
    for (int round = 0; round < 6; round++) {
      send(BARS, 3000);
      JobID job = run();
      // Killed somewhere between the first commit of the round and its last.
      long before = total(bed.ledgerEnds());
      Awaitility.await()
          .atMost(BronzeBed.PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> total(bed.ledgerEnds()) > before);
      bed.kill(job);
    }
    send(BARS, 1000);

    JobID last = run();
    bed.awaitAll(last, ends);
    bed.kill(last);

    restartOnce();
    BronzeAudit.requireExact(bed, ends);
    BronzeAudit.requireNoLeftovers(bed);
  }

  @Test
  void objectsThatAKilledCommitLeftAreReplacedAfterARestartWithoutState() throws Exception {
    send(BARS, 1000);
    FaultyCatalog.PASSES_BEFORE.set(1);
    JobID killed = bed.submit(bed.keys(BARS, QUOTES), faulty(), Map.of());
    send(BARS, 1000);
    awaitOrSendMore(killed);
    assertThat(unledgered()).as("the kill hit between objects and ledger").isNotEmpty();

    JobID job = run();
    bed.awaitAll(job, ends);
    bed.kill(job);

    restartOnce();
    BronzeAudit.requireExact(bed, ends);
    BronzeAudit.requireNoLeftovers(bed);
  }

  @Test
  void objectsThatAFailedCommitLeftAreTakenUpAfterAFailover() throws Exception {
    send(BARS, 1000);
    FaultyCatalog.PASSES_BEFORE.set(1);
    JobID job = bed.submit(bed.keys(BARS, QUOTES), faulty(), RESTARTS);
    Awaitility.await()
        .atMost(BronzeBed.PATIENCE)
        .until(
            () -> {
              send(BARS, 50);
              return FaultyCatalog.PASSES_BEFORE.get() < 0;
            });
    bed.awaitAll(job, ends);
    bed.kill(job);

    restartOnce();
    BronzeAudit.requireExact(bed, ends);
    BronzeAudit.requireNoLeftovers(bed);
  }

  @Test
  void commitWhoseAnswerWasLostCountsOnce() throws Exception {
    send(BARS, 1000);
    FaultyCatalog.PASSES_AFTER.set(0);
    JobID job = bed.submit(bed.keys(BARS, QUOTES), faulty(), RESTARTS);
    send(QUOTES, 1000);
    bed.awaitAll(job, ends);
    bed.kill(job);

    assertThat(FaultyCatalog.PASSES_AFTER.get()).isNegative();
    BronzeAudit.requireExact(bed, ends);
  }

  @Test
  void olderSavepointChangesNothing() throws Exception {
    send(BARS, 1000);
    JobID first = run();
    bed.awaitAll(first, ends);
    String savepoint = bed.savepoint(first);
    send(BARS, 1000);
    bed.awaitAll(first, ends);
    bed.kill(first);
    send(BARS, 500);

    JobID second = bed.submit(bed.keys(BARS, QUOTES), bed.catalog(), Map.of(), savepoint);
    bed.awaitAll(second, ends);
    bed.kill(second);

    BronzeAudit.requireExact(bed, ends);
  }

  @Test
  void newcomerYieldsToACopyThatCommits() throws Exception {
    send(BARS, 100);
    JobID first = run();
    bed.awaitAll(first, ends);
    Map<String, String> keys = bed.keys(BARS, QUOTES);
    keys.put("take-over", "false");
    keys.put("checkpoint.interval", "20s");

    JobID second = bed.submit(keys, bed.catalog(), Map.of());

    assertThat(ExceptionUtils.findThrowable(bed.failure(second), JobStoppedException.class))
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("take-over"));
    assertThat(bed.hasEnded(first)).isFalse();
  }

  @Test
  void copyThatIsReplacedIsFencedThoughItsSuccessorHasNotCommittedYet() throws Exception {
    send(BARS, 1000);
    JobID first = bed.submit(bed.keys(BARS, QUOTES), bed.catalog(), RESTARTS);
    bed.awaitAll(first, ends);
    Map<String, String> keys = bed.keys(BARS, QUOTES);
    keys.put("checkpoint.interval", "1h");

    JobID second = bed.submit(keys, bed.catalog(), Map.of());
    awaitOrSendMore(first);

    assertThat(ExceptionUtils.findThrowable(bed.failure(first), FencedException.class))
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("taken over"));
    assertThat(bed.hasEnded(second)).isFalse();
    bed.kill(second);
    JobID third = run();
    bed.awaitAll(third, ends);
    bed.kill(third);

    // What the first one made visible before it learned of the claim goes with the sweep.
    restartOnce();
    BronzeAudit.requireExact(bed, ends);
    BronzeAudit.requireNoLeftovers(bed);
  }

  @Test
  void oneOfTwoCopiesThatStartAtOnceIsFencedAndBronzeStaysExact() throws Exception {
    send(BARS, 1000);
    JobID first = bed.submit(bed.keys(BARS, QUOTES), bed.catalog(), RESTARTS);
    JobID second = bed.submit(bed.keys(BARS, QUOTES), bed.catalog(), RESTARTS);
    Awaitility.await()
        .atMost(BronzeBed.PATIENCE)
        .until(
            () -> {
              send(BARS, 50);
              return bed.hasEnded(first) || bed.hasEnded(second);
            });
    JobID fenced = bed.hasEnded(first) ? first : second;
    JobID survivor = bed.hasEnded(first) ? second : first;

    bed.awaitAll(survivor, ends);
    bed.kill(survivor);

    assertThat(ExceptionUtils.findThrowable(bed.failure(fenced), FencedException.class))
        .isPresent();
    BronzeAudit.requireExact(bed, ends);
  }

  @Test
  void offsetsThatExpiredBeforeTheyWereReadStopTheJobUnlessTheGapWasAccepted() throws Exception {
    send(BARS, 100);
    try (Admin admin = bed.broker().admin()) {
      admin
          .deleteRecords(Map.of(new TopicPartition(BARS, 1), RecordsToDelete.beforeOffset(20)))
          .all()
          .get();
    }
    Map<String, String> accepting = bed.keys(BARS, QUOTES);
    accepting.put("accept-gap", BARS + ":1:0-19");

    JobID job = run();

    assertThat(ExceptionUtils.findThrowable(bed.failure(job), StreamGapException.class))
        .hasValueSatisfying(
            e ->
                assertThat(e)
                    .hasMessageContaining("offsets 0 to 19")
                    .hasMessageContaining("accept-gap=" + BARS + ":1:0-19"));
    assertThat(bed.visibleFiles()).isEmpty();

    JobID going = bed.submit(accepting, bed.catalog(), Map.of());
    bed.awaitAll(going, ends);
    bed.kill(going);
    send(BARS, 20);
    JobID again = run();
    bed.awaitAll(again, ends);
    bed.kill(again);
    assertThat(bed.envelopes(bed.visibleFiles()))
        .extracting(e -> e.partition() + "/" + e.offset())
        .doesNotHaveDuplicates()
        .hasSize(120 - 20)
        .contains("0/0", "1/20")
        .doesNotContain("1/19");
    requireThatReadersOfBronzeAreToldOf("0-19");
  }

  /** What was given up is no hole of the log's own: who reads it must know, or accept it too. */
  private void requireThatReadersOfBronzeAreToldOf(String offsets) throws Exception {
    String gap = BARS + ":1:" + offsets;
    try (BronzeOrigin bronze = BronzeOrigin.open(bed.catalog(), bed.lakeRoot())) {
      HistoryRanges all = HistoryRanges.between(Map.of(), bronze.held(List.of(BARS)).ends());
      assertThatThrownBy(() -> bronze.read(all))
          .isInstanceOf(HistoryGapException.class)
          .hasMessageContaining(BARS + " partition 1 offsets 0 to 19")
          .hasMessageContaining("accept-gap=" + gap);
      try (BronzeOrigin accepting =
          BronzeOrigin.open(bed.catalog(), bed.lakeRoot(), AcceptedGaps.parse(List.of(gap)))) {
        assertThat(accepting.read(all).ranges().offsets()).isEqualTo(120);
      }
    }
  }

  @Test
  void recreatedTopicIsAnotherStream() throws Exception {
    send(BARS, 100);
    JobID first = run();
    bed.awaitAll(first, ends);
    bed.kill(first);
    Set<String> before = new HashSet<>(bed.visibleFiles());
    recreate(BARS);
    sent.clear();
    send(BARS, 60);

    JobID second = run();
    Awaitility.await()
        .atMost(BronzeBed.PATIENCE)
        .until(() -> bed.envelopes(bed.visibleFiles()).size() == 160);
    bed.kill(second);

    assertThat(bed.visibleFiles()).containsAll(before);
    assertThat(
            bed.envelopes(bed.visibleFiles()).stream()
                .map(e -> e.streamId() + "/" + e.partition() + "/" + e.offset())
                .collect(Collectors.toSet()))
        .hasSize(160);
  }

  private void recreate(String topic) throws Exception {
    try (Admin admin = bed.broker().admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
      BronzeBed.awaitGone(admin, Set.of(topic));
    }
    bed.broker().createTopics(2, topic);
    ends.keySet().removeIf(partition -> partition.startsWith(topic));
  }

  /** A kill may hit between a commit and its sweep: the next start does what was left. */
  private void restartOnce() throws Exception {
    JobID job = run();
    Awaitility.await()
        .atMost(BronzeBed.PATIENCE)
        .until(() -> unledgered().isEmpty() && bed.files().equals(bed.visibleFiles()));
    bed.kill(job);
  }

  private JobID run() throws Exception {
    return bed.submit(bed.keys(BARS, QUOTES), bed.catalog(), Map.of());
  }

  private CatalogLoader faulty() {
    return FaultyCatalog.loader(TestCatalog.config(home));
  }

  private void awaitOrSendMore(JobID job) {
    Awaitility.await()
        .atMost(BronzeBed.PATIENCE)
        .until(
            () -> {
              send(BARS, 50);
              return bed.hasEnded(job);
            });
  }

  private Set<String> unledgered() throws Exception {
    Set<String> paths = new HashSet<>(bed.visibleFiles());
    bed.ledger().forEach(row -> paths.remove((String) row.getField("path")));
    return paths;
  }

  private static long total(Map<String, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  private void send(String topic, int records) {
    for (int i = 0; i < records; i++) {
      long at = ends.values().stream().mapToLong(Long::longValue).sum();
      RawRecord record =
          record(topic).sequence(at).key("K" + at).payload(utf8("{\"n\":" + at + "}")).build();
      sendRecord(topic, (int) (at % 2), record);
    }
    bed.flush();
  }

  private void sendOdd() {
    byte[][] payloads = {
      new byte[0],
      utf8("a \"quoted\" \\ \u0000 \u0001 \u001f \u007f line\r\n"),
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
      {(byte) 0xff, 0, 'x'},
      utf8("\uD83D\uDCC8 Zürich \u2028"),
      new byte[300_000]
    };
    for (byte[] payload : payloads) {
      sendRecord(BARS, 1, record(BARS).payload(payload).build());
    }
    RawRecord hostile =
        record(BARS)
            .source("../../../etc")
            .runId("a/../../b\u0000")
            .key(null)
            .correlationId("c")
            .attributes(Map.of("header", "a,\"b\"", "file", "x.csv"))
            .payload(utf8("x"))
            .build();
    sendRecord(BARS, 0, hostile);
  }

  private void sendRecord(String topic, int partition, RawRecord record) {
    String key = record.key();
    long offset = ends.merge(topic + "/" + partition, 1L, Long::sum) - 1;
    sent.put(topic + "/" + partition + "/" + offset, record);
    bed.send(topic, partition, key == null ? null : utf8(key), encoder.encode(record));
  }

  private void sendValue(String topic, int partition, byte @Nullable [] value) {
    ends.merge(topic + "/" + partition, 1L, Long::sum);
    bed.send(topic, partition, utf8("k"), value);
    bed.flush();
  }

  private static RawRecord.Builder record(String topic) {
    return RawRecord.builder()
        .source(topic.substring(0, topic.indexOf('.')))
        .entity("bars")
        .runId("run-1")
        .batchId("batch-1")
        .ingestTimeMicros(INGEST_MICROS)
        .contentType("application/json");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
