package ai.finks.bench;

import ai.finks.bench.feed.FeedSender;
import ai.finks.bench.feed.FeedSpec;
import ai.finks.bench.feed.QuoteEnvelopes;
import ai.finks.bench.feed.QuoteFeed;
import ai.finks.bench.host.ChildJvm;
import ai.finks.bench.host.StreamHost;
import ai.finks.bench.report.BenchReport;
import ai.finks.bench.report.Latencies;
import ai.finks.bench.variant.FreshnessMain;
import ai.finks.bench.variant.LapLake;
import ai.finks.bench.variant.VariantSetup;
import ai.finks.flink.table.LakeTables;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long it takes from sending a record until a reader of Silver finds its row. */
@Command(
    name = "freshness",
    description = {
      "How long it takes from sending a record until a reader of Silver finds its row.",
      "",
      "Quotes are sent at a steady rate, each with its time of sending; meanwhile the table is"
          + " asked again and again for its newest snapshot. A row is fresh when a snapshot that"
          + " holds it was first seen. The first seconds, in which the job starts, do not count."
    })
final class FreshnessBench implements Callable<Integer> {
  private static final int PARTITIONS = 4;
  private static final long POLL_MILLIS = 10;
  private static final long START_SECONDS = 60;

  @Mixin private final BenchOptions common = new BenchOptions();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Records per second (default: ${DEFAULT-VALUE}).")
  private int rate = 20_000;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private int seconds = 60;

  @Option(
      names = "--warm-up-seconds",
      paramLabel = "N",
      description = "How long to send before (default: ${DEFAULT-VALUE}).")
  private int warmUpSeconds = 20;

  @Option(
      names = "--commit-seconds",
      paramLabel = "N",
      description = "Between commits (default: ${DEFAULT-VALUE}).")
  private int commitSeconds = 1;

  @Override
  public Integer call() throws Exception {
    common.atLeast("--rate", rate, 1);
    common.atLeast("--seconds", seconds, 1);
    common.atLeast("--warm-up-seconds", warmUpSeconds, 0);
    common.atLeast("--commit-seconds", commitSeconds, 1);
    BenchSession.Settings settings = common.settings(PARTITIONS, Duration.ofSeconds(commitSeconds));
    Path folder = settings.folder();
    long records = (long) rate * (warmUpSeconds + seconds);
    try (StreamHost host = StreamHost.start(folder.resolve("host"))) {
      BenchSession.createTopics(host, PARTITIONS, BenchSession.rawTopic());
      Path own = Files.createDirectories(folder.resolve("freshness"));
      VariantSetup setup = setup(settings, host, own, records);
      try (ChildJvm job = ChildJvm.start(own, launch(settings, setup))) {
        awaitReady(job, own);
        common.progress(
            String.format(
                "Sending %,d records a second for %d s …", rate, warmUpSeconds + seconds));
        ObjectNode document = measure(host, setup, job);
        common.print(BenchReport.print(document));
        return document.path("verified").asBoolean() ? BenchApp.DONE : BenchApp.WRONG;
      }
    } finally {
      BenchSession.removeUnlessKept(settings);
    }
  }

  private VariantSetup setup(
      BenchSession.Settings settings, StreamHost host, Path own, long records) {
    return new VariantSetup(
        "freshness",
        own,
        settings.schemas(),
        host.bootstrapServers(),
        host.registryUrl(),
        BenchSession.rawTopic(),
        "",
        records,
        records,
        1,
        settings.parallelism(),
        settings.commitInterval());
  }

  private static ChildJvm.Launch launch(BenchSession.Settings settings, VariantSetup setup)
      throws IOException {
    return new ChildJvm.Launch(
        "freshness",
        System.getProperty("java.class.path"),
        settings.heapMebibytes(),
        List.of(),
        FreshnessMain.class.getName(),
        List.of(setup.store().toString()));
  }

  private static void awaitReady(ChildJvm job, Path folder) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.exists(folder.resolve(FreshnessMain.READY))) {
      if (!job.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("The silver job did not start\n" + job.tail());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private ObjectNode measure(StreamHost host, VariantSetup setup, ChildJvm job) throws Exception {
    // Neither duplicates nor bad ones: every record sent becomes a row to be found.
    FeedSpec spec = new FeedSpec(1, setup.records(), 8_000, 0, 0);
    long today = Instant.now(Clock.systemUTC()).truncatedTo(ChronoUnit.DAYS).toEpochMilli();
    QuoteFeed feed = new QuoteFeed(spec, today);
    Thread sender = new Thread(() -> send(host, feed), "sender");
    sender.start();
    try (LapLake lake = LapLake.open(setup.lap(1))) {
      Table table = lake.table(LakeTables.silver(QuoteEnvelopes.ENTITY));
      Map<Long, Long> seen = watch(table, setup.records(), job);
      sender.join();
      job.await(START_SECONDS);
      table.refresh();
      return document(table, seen, setup.records());
    }
  }

  /** When each snapshot was first seen, in microseconds since 1970. */
  private static Map<Long, Long> watch(Table table, long records, ChildJvm job)
      throws InterruptedException {
    Map<Long, Long> seen = new LinkedHashMap<>();
    long rows = 0;
    while (rows < records) {
      table.refresh();
      Snapshot newest = table.currentSnapshot();
      if (newest != null && !seen.containsKey(newest.snapshotId())) {
        long now = nowMicros();
        for (Snapshot snapshot : table.snapshots()) {
          seen.putIfAbsent(snapshot.snapshotId(), now);
        }
        rows = Long.parseLong(newest.summary().getOrDefault("total-records", "0"));
      } else if (!job.isAlive() && rows < records) {
        throw new IllegalStateException("The silver job ended early\n" + job.tail());
      }
      Thread.sleep(POLL_MILLIS);
    }
    return seen;
  }

  private void send(StreamHost host, QuoteFeed feed) {
    QuoteEnvelopes envelopes = new QuoteEnvelopes(feed, host.rawSchemaId());
    StringBuilder text = new StringBuilder();
    long start = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer = FeedSender.producer(host.bootstrapServers())) {
      for (long index = 0; index < feed.spec().records(); index++) {
        // A record is due at its own moment, also when an earlier one was late.
        long due = start + index * 1_000_000_000L / rate;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        byte[] payload = feed.payload(index, text);
        int symbol = feed.symbolNumber(index);
        producer.send(
            new ProducerRecord<>(
                BenchSession.rawTopic(),
                symbol % PARTITIONS,
                QuoteFeed.symbol(symbol).getBytes(StandardCharsets.UTF_8),
                envelopes.wire(index, payload, nowMicros())));
      }
      producer.flush();
    }
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Clock.systemUTC().instant());
  }

  private ObjectNode document(Table table, Map<Long, Long> seen, long records) throws IOException {
    Latencies latencies = new Latencies();
    long rows = 0;
    Long firstSent = null;
    Set<Long> missing = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      Long seenAt = seen.get(snapshot.snapshotId());
      if (seenAt == null) {
        missing.add(snapshot.snapshotId());
        continue;
      }
      for (long sent : sentTimes(table, snapshot)) {
        firstSent =
            firstSent == null ? Long.valueOf(sent) : Long.valueOf(Math.min(firstSent, sent));
        rows++;
        if (sent >= firstSent + TimeUnit.SECONDS.toMicros(warmUpSeconds)) {
          latencies.add(seenAt - sent);
        }
      }
    }
    boolean verified = rows == records && missing.isEmpty();
    ObjectNode document = BenchReport.object().put("benchmark", "freshness");
    document.put("rate", rate).put("commit_seconds", commitSeconds).put("rows", rows);
    ObjectNode waited = document.putObject("seconds");
    for (double percent : new double[] {50, 90, 99, 100}) {
      waited.put(
          percent == 100 ? "max" : "p" + (int) percent,
          Math.round(latencies.percentile(percent) * 1000) / 1000.0);
    }
    document.put("measured", latencies.count());
    document.put("verified", verified);
    return document;
  }

  /** The ingest times of the rows that a snapshot added. */
  private static long[] sentTimes(Table table, Snapshot snapshot) throws IOException {
    long[] times =
        new long[(int) Long.parseLong(snapshot.summary().getOrDefault("added-records", "0"))];
    int count = 0;
    IcebergGenerics.ScanBuilder scan = IcebergGenerics.read(table).select("_ingest_time");
    scan =
        snapshot.parentId() == null
            ? scan.useSnapshot(snapshot.snapshotId())
            : scan.appendsBetween(snapshot.parentId(), snapshot.snapshotId());
    try (CloseableIterable<Record> records = scan.build()) {
      for (Record record : records) {
        OffsetDateTime sent = (OffsetDateTime) record.get(0);
        times[count++] = ChronoUnit.MICROS.between(Instant.EPOCH, sent.toInstant());
      }
    }
    return Arrays.copyOf(times, count);
  }
}
