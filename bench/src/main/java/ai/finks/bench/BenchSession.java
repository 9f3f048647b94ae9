package ai.finks.bench;

import ai.finks.bench.feed.FeedSender;
import ai.finks.bench.feed.FeedSpec;
import ai.finks.bench.feed.FeedTotals;
import ai.finks.bench.feed.QuoteEnvelopes;
import ai.finks.bench.feed.QuoteFeed;
import ai.finks.bench.host.ChildJvm;
import ai.finks.bench.host.PeerClasspath;
import ai.finks.bench.host.StreamHost;
import ai.finks.bench.report.LapCheck;
import ai.finks.bench.variant.BareTables;
import ai.finks.bench.variant.KafkaConnectMain;
import ai.finks.bench.variant.VariantMain;
import ai.finks.bench.variant.VariantResult;
import ai.finks.bench.variant.VariantSetup;
import ai.finks.bench.variant.Variants;
import ai.finks.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A broker filled with a set of quotes, and the variants that read it, one process at a time. All
 * of it lies in one folder, which is removed at the end; no process outlives the session.
 */
final class BenchSession implements AutoCloseable {
  private static final String BARE_TOPIC = "quotes.json";
  private static final long ONE_VARIANT_SECONDS = 1_200;
  private static final long TOPIC_SECONDS = 60;

  private final Settings settings;
  private final FeedTotals totals;
  private final StreamHost host;
  private final List<String> problems = new ArrayList<>();
  private final Thread cleaner;
  private int runs;

  /**
   * Where and how a session runs.
   *
   * @param folder its own
   * @param schemas the benchmark's contract and binding
   * @param peers where the launcher has left the peers' class paths
   * @param heapMebibytes of each variant
   * @param partitions of the topics
   * @param parallelism of each variant
   * @param commitInterval of each variant
   * @param hugePages whether each variant's heap asks for huge pages
   * @param keep whether the folder is left
   */
  record Settings(
      Path folder,
      Path schemas,
      Path peers,
      int heapMebibytes,
      int partitions,
      int parallelism,
      Duration commitInterval,
      boolean hugePages,
      boolean keep) {}

  private BenchSession(Settings settings, FeedTotals totals, StreamHost host, Thread cleaner) {
    this.settings = settings;
    this.totals = totals;
    this.host = host;
    this.cleaner = cleaner;
  }

  /** Starts the broker and fills its topics. */
  static BenchSession open(Settings settings, FeedSpec spec) throws Exception {
    Thread cleaner = new Thread(() -> removeUnlessKept(settings), "bench-cleaner");
    Runtime.getRuntime().addShutdownHook(cleaner);
    QuoteFeed feed = new QuoteFeed(spec);
    StreamHost host = StreamHost.start(settings.folder().resolve("host"));
    try {
      createTopics(host, settings.partitions(), rawTopic(), BARE_TOPIC, typedTopic());
      new FeedSender(feed, host.bootstrapServers(), host.rawSchemaId(), settings.partitions())
          .send(rawTopic(), BARE_TOPIC);
    } catch (Exception e) {
      host.close();
      throw e;
    }
    return new BenchSession(settings, FeedTotals.of(feed), host, cleaner);
  }

  static String rawTopic() {
    return Topics.raw(QuoteEnvelopes.SOURCE, QuoteEnvelopes.ENTITY);
  }

  private static String typedTopic() {
    return Topics.typed(QuoteEnvelopes.ENTITY);
  }

  static void createTopics(StreamHost host, int partitions, String... topics) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", host.bootstrapServers()))) {
      List<NewTopic> wanted =
          Stream.of(topics).map(topic -> new NewTopic(topic, partitions, (short) 1)).toList();
      admin.createTopics(wanted).all().get(TOPIC_SECONDS, TimeUnit.SECONDS);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TOPIC_SECONDS);
      while (!areLed(admin, partitions, List.of(topics))) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("The broker does not serve its new topics");
        }
        Thread.sleep(20);
      }
    }
  }

  /** The controller makes topics; the broker knows of them a moment later. */
  private static boolean areLed(Admin admin, int partitions, List<String> topics)
      throws InterruptedException {
    try {
      return admin.describeTopics(topics).allTopicNames().get().values().stream()
          .allMatch(
              topic ->
                  topic.partitions().size() == partitions
                      && topic.partitions().stream()
                          .noneMatch(p -> p.leader() == null || p.leader().isEmpty()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new IllegalStateException("The broker cannot be asked for its topics", e);
    }
  }

  FeedTotals totals() {
    return totals;
  }

  /** What was not as it must be in any run so far. */
  List<String> problems() {
    return Collections.unmodifiableList(problems);
  }

  /**
   * Runs one variant in a process of its own, checks what it wrote and removes it.
   *
   * @param options of its JVM, beside the usual ones
   */
  VariantResult run(String variant, int laps, List<String> options) throws Exception {
    Path folder = settings.folder().resolve(variant + "-" + ++runs);
    Files.createDirectories(folder);
    VariantSetup setup = setup(variant, folder, laps);
    if (variant.equals(Variants.KAFKA_CONNECT)) {
      for (int lap = 1; lap <= laps; lap++) {
        BareTables.createForKafkaConnect(Files.createDirectories(setup.lap(lap)));
      }
    }
    try (ChildJvm process = ChildJvm.start(folder, launch(setup, options))) {
      process.await(ONE_VARIANT_SECONDS);
    }
    VariantResult result = VariantResult.load(setup.resultFile());
    check(setup);
    if (!settings.keep()) {
      remove(folder);
    }
    return result;
  }

  private VariantSetup setup(String variant, Path folder, int laps) {
    return new VariantSetup(
        variant,
        folder,
        settings.schemas(),
        host.bootstrapServers(),
        host.registryUrl(),
        rawTopic(),
        BARE_TOPIC,
        totals.records(),
        new LapCheck(totals).rows(variant),
        laps,
        settings.parallelism(),
        settings.commitInterval());
  }

  private ChildJvm.Launch launch(VariantSetup setup, List<String> options) throws IOException {
    boolean connect = setup.variant().equals(Variants.KAFKA_CONNECT);
    List<String> all = new ArrayList<>(options);
    if (settings.hugePages()) {
      all.add("-XX:+UseTransparentHugePages");
    }
    Class<?> main = connect ? KafkaConnectMain.class : VariantMain.class;
    return new ChildJvm.Launch(
        setup.variant(),
        PeerClasspath.of(settings.peers(), setup.variant()),
        settings.heapMebibytes(),
        all,
        main.getName(),
        List.of(setup.store().toString()));
  }

  private void check(VariantSetup setup) {
    List<String> found =
        IntStream.rangeClosed(1, setup.laps())
            .parallel()
            .boxed()
            .flatMap(lap -> problems(setup, lap).stream())
            .toList();
    problems.addAll(found);
  }

  private List<String> problems(VariantSetup setup, int lap) {
    try {
      return new LapCheck(totals).problems(setup.variant(), setup.lap(lap));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void removeUnlessKept(Settings settings) {
    if (!settings.keep()) {
      remove(settings.folder());
    }
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("finks: " + folder + " could not be removed: " + e.getMessage());
    }
  }

  @Override
  public void close() throws InterruptedException {
    host.close();
    removeUnlessKept(settings);
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The JVM is on its way out and cleans up by that hook.
    }
  }
}
