package ai.finks.bench.variant;

import ai.finks.bench.feed.QuoteEnvelopes;
import ai.finks.flink.silver.core.KeyMemory;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.function.ContractRefiner;
import ai.finks.flink.silver.function.PartitionWork;
import ai.finks.flink.silver.io.EntitySchemas;
import ai.finks.flink.silver.io.PartitionedFiles;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.QuarantineRows;
import ai.finks.flink.silver.io.Refinement;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.wire.WireFormats;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The silver job's own classes in a plain loop, one thread and consumer per core: decode, parse,
 * check, hash, deduplicate, mask, write Parquet. No engine, no barriers, no commit while the clock
 * runs. What the engine and exactness cost is the distance to it.
 */
final class BareLoopVariant implements Variant {
  private static final Duration POLL = Duration.ofMillis(100);

  private final VariantSetup setup;
  private final ExecutorService threads;

  BareLoopVariant(VariantSetup setup) {
    this.setup = setup;
    this.threads = Executors.newFixedThreadPool(setup.parallelism());
  }

  @Override
  public Lap run(int lap, long lapStart) throws Exception {
    try (LapLake lake = LapLake.create(setup.lap(lap), setup.schemas())) {
      AtomicLong first = new AtomicLong();
      AtomicLong lastRead = new AtomicLong();
      List<Future<Map<PipelineTable, List<DataFile>>>> parts = new ArrayList<>();
      for (int thread = 0; thread < setup.parallelism(); thread++) {
        Loop loop = new Loop(thread, lap, lake, first, lastRead);
        parts.add(threads.submit(loop::run));
      }
      List<Map<PipelineTable, List<DataFile>>> written = new ArrayList<>();
      for (Future<Map<PipelineTable, List<DataFile>>> part : parts) {
        written.add(part.get());
      }
      long end = System.nanoTime();
      commitForTheCheck(lake, written);
      return new Lap(
          setup.records(),
          EngineCluster.seconds(lapStart, end),
          EngineCluster.seconds(first.get(), end),
          EngineCluster.seconds(lastRead.get(), end));
    }
  }

  /** So that what was written is counted like everybody else's; the clock has stopped. */
  private static void commitForTheCheck(
      LapLake lake, List<Map<PipelineTable, List<DataFile>>> written) {
    for (PipelineTable role : List.of(PipelineTable.SILVER, PipelineTable.QUARANTINE)) {
      AppendFiles append = lake.table(role.identifier(QuoteEnvelopes.ENTITY)).newAppend();
      written.forEach(files -> files.getOrDefault(role, List.of()).forEach(append::appendFile));
      append.commit();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** One thread: its consumer, its plan, its files. */
  private final class Loop {
    private final int thread;
    private final int lap;
    private final LapLake lake;
    private final AtomicLong first;
    private final AtomicLong lastRead;
    private final EnumMap<PipelineTable, PartitionedFiles> files =
        new EnumMap<>(PipelineTable.class);
    private final Map<Integer, PartitionWork> works = new HashMap<>();

    Loop(int thread, int lap, LapLake lake, AtomicLong first, AtomicLong lastRead) {
      this.thread = thread;
      this.lap = lap;
      this.lake = lake;
      this.first = first;
      this.lastRead = lastRead;
    }

    Map<PipelineTable, List<DataFile>> run() {
      for (PipelineTable role : List.of(PipelineTable.SILVER, PipelineTable.QUARANTINE)) {
        Table table = lake.table(role.identifier(QuoteEnvelopes.ENTITY));
        files.put(role, new PartitionedFiles(table, thread, 0, PartitionedFiles.MAX_OPEN_BYTES));
      }
      ContractRefiner refiner = refiner();
      try (KafkaConsumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(
              ConsumerSettings.of(setup.bootstrapServers()),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer())) {
        read(consumer, refiner);
      }
      lastRead.accumulateAndGet(System.nanoTime(), Math::max);
      EnumMap<PipelineTable, List<DataFile>> written = new EnumMap<>(PipelineTable.class);
      files.forEach((role, writer) -> written.put(role, writer.complete()));
      return written;
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, ContractRefiner refiner) {
      List<TopicPartition> partitions =
          IntStream.range(0, consumer.partitionsFor(setup.rawTopic()).size())
              .filter(partition -> partition % setup.parallelism() == thread)
              .mapToObj(partition -> new TopicPartition(setup.rawTopic(), partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long left =
          consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      while (left > 0) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        for (TopicPartition partition : polled.partitions()) {
          first.compareAndSet(0, System.nanoTime());
          PartitionWork work = workOf(partition.partition(), refiner);
          for (RawMessage m = linked(polled.records(partition)); m != null; m = m.next()) {
            work.counts().read();
            refiner.refine(m, work, this::write);
          }
        }
        left -= polled.count();
      }
    }

    /** The first of some records with the others behind it, as the job's source hands them over. */
    private @Nullable RawMessage linked(List<ConsumerRecord<byte[], byte[]>> records) {
      RawMessage head = null;
      RawMessage last = null;
      for (ConsumerRecord<byte[], byte[]> record : records) {
        RawMessage message = message(record);
        if (last == null) {
          head = message;
        } else {
          last.setNext(message);
        }
        last = message;
      }
      return head;
    }

    private void write(Refinement refinement) {
      PartitionedFiles writer = files.get(refinement.table());
      if (writer != null) {
        writer.write(refinement.row());
      }
    }

    private PartitionWork workOf(int partition, ContractRefiner refiner) {
      return works.computeIfAbsent(partition, number -> open(number, refiner));
    }

    private PartitionWork open(int number, ContractRefiner refiner) {
      StreamPartition partition = StreamPartition.of(setup.rawTopic(), "bare", number);
      EnumMap<PipelineTable, Table> tables = new EnumMap<>(PipelineTable.class);
      for (PipelineTable role : PipelineTable.values()) {
        tables.put(role, lake.table(role.identifier(QuoteEnvelopes.ENTITY)));
      }
      KeyMemory memory = refiner.load(Map.of(partition, 0L), tables).get(partition);
      return new PartitionWork(
          new PartitionProgress(partition, 0, List.of()),
          Objects.requireNonNull(memory, "nothing is known of an empty table's keys"));
    }

    private RawMessage message(ConsumerRecord<byte[], byte[]> record) {
      return new RawMessage(
          record.topic(),
          record.partition(),
          record.offset(),
          record.timestamp(),
          record.key(),
          record.value());
    }

    private ContractRefiner refiner() {
      SchemaCatalog catalog = SchemaCatalog.load(setup.schemas());
      SilverPlan plan =
          EntitySchemas.of(catalog, QuoteEnvelopes.ENTITY)
              .compile(KeyDirectory.load(LapLake.keys(setup.lap(lap))));
      return new ContractRefiner(
          new RawRecordDecoder(WireFormats.open(URI.create(setup.registryUrl()))),
          plan,
          new QuarantineRows(plan.contract().version(), "bench", Clock.systemUTC()),
          topic -> QuoteEnvelopes.SOURCE);
    }
  }
}
