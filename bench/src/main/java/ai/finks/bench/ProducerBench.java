package ai.finks.bench;

import ai.finks.bench.feed.FeedSender;
import ai.finks.bench.report.BenchReport;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The most that any adapter can send: records that are ready, to a broker that runs already. */
@Command(
    name = "producer",
    description = {
      "The most that any adapter can send: records that are ready made, to a running broker.",
      "",
      "Two threads share a producer that is set up as the platform's client. The first lap is a"
          + " cold process's. For a topic that nobody needs: what is sent there is no record."
    })
final class ProducerBench implements Callable<Integer> {
  private static final int READY = 4_096;
  private static final int THREADS = 2;

  @Mixin private final BenchOptions common = new BenchOptions();

  @Option(names = "--bootstrap-servers", required = true, description = "Of the broker.")
  private String bootstrapServers = "";

  @Option(names = "--topic", required = true, description = "Must exist.")
  private String topic = "";

  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Per lap (default: ${DEFAULT-VALUE}).")
  private int records = 600_000;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Of a record (default: ${DEFAULT-VALUE}).")
  private int bytes = 450;

  @Option(names = "--laps", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
  private int laps = 4;

  @Override
  public Integer call() throws Exception {
    common.atLeast("--records", records, THREADS);
    common.atLeast("--bytes", bytes, 1);
    common.atLeast("--laps", laps, 1);
    byte[][] ready = ready();
    List<Long> rates = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (KafkaProducer<byte[], byte[]> producer = FeedSender.producer(bootstrapServers)) {
      for (int lap = 0; lap < laps; lap++) {
        rates.add(lap(producer, ready, threads));
      }
    } finally {
      threads.shutdownNow();
    }
    common.print(
        common.json()
            ? BenchReport.print(
                BenchReport.object()
                    .put("benchmark", "producer")
                    .put("cold_records_per_second", rates.get(0))
                    .put("warm_records_per_second", rates.get(laps - 1)))
            : String.format(
                "%,d records/s cold, %,d in the last lap", rates.get(0), rates.get(laps - 1)));
    return BenchApp.DONE;
  }

  private long lap(KafkaProducer<byte[], byte[]> producer, byte[][] ready, ExecutorService threads)
      throws Exception {
    AtomicLong acknowledged = new AtomicLong();
    long began = System.nanoTime();
    List<Future<?>> parts = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int first = thread;
      parts.add(threads.submit(() -> send(producer, ready, first, acknowledged)));
    }
    for (Future<?> part : parts) {
      part.get();
    }
    producer.flush();
    if (acknowledged.get() != records) {
      throw new IllegalStateException(acknowledged + " of " + records + " were acknowledged");
    }
    return TimeUnit.SECONDS.toNanos(records) / (System.nanoTime() - began);
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer, byte[][] ready, int first, AtomicLong acknowledged) {
    for (int i = first; i < records; i += THREADS) {
      byte[] value = ready[i % READY];
      producer.send(
          new ProducerRecord<>(topic, null, value),
          (metadata, e) -> {
            if (e == null) {
              acknowledged.incrementAndGet();
            }
          });
    }
  }

  /** About as well to be compressed as bars in JSON: names that repeat, numbers that do not. */
  private byte[][] ready() {
    SplittableRandom random = new SplittableRandom(1);
    byte[][] ready = new byte[READY][bytes];
    for (byte[] record : ready) {
      for (int at = 0; at < bytes; at++) {
        record[at] = (byte) (at % 4 == 0 ? '0' + random.nextInt(10) : 'a' + at % 26);
      }
    }
    return ready;
  }
}
