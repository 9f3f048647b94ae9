package ai.finks.stack.chaos;

import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.wire.ConfluentWireFormat;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.embedded.HomeLake;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import ai.finks.stack.lake.StreamEnds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One seed: a broker, live jobs in a process of their own, records, faults; and in the end the
 * tables beside a model of what was sent.
 */
final class ChaosRun implements AutoCloseable {
  private static final int RECORDS_BEFORE_ALL = 200;
  private static final int RECORDS_BEFORE_A_FAULT = 40;
  private static final YearMonth FIRST = YearMonth.of(2024, 1);
  private static final YearMonth LAST = YearMonth.of(2024, 12);
  private static final String[] SCHEMAS = {
    "avro/bars.avsc",
    "avro/transactions.avsc",
    "sources/fmp.bars.yaml",
    "sources/mongodb.transactions.yaml"
  };

  private final long seed;
  private final List<Fault> faults;
  private final ChaosParts parts;
  private final FinksHome home;
  private final Random random;
  private final ChaosBroker broker;
  private final Lake lake;
  private final Traffic traffic;
  private final SentLog log = new SentLog();
  private final OffsetWatch watch = new OffsetWatch();
  private final Map<StreamPartition, SentLog.Partition> partitions;
  private final LiveJobs jobs;
  private final Flow flow;
  private final Upkeep upkeep;
  private boolean cleaned;

  /** Prepares everything; nothing runs but the broker. */
  ChaosRun(long seed, List<Fault> faults, ChaosParts parts, Path folder) throws IOException {
    this.seed = seed;
    this.faults = faults;
    this.parts = parts;
    this.random = new Random(seed);
    this.home = FinksHome.at(folder);
    home.create();
    HomeLake.prepare(home, takeContracts(parts.schemas()));
    this.lake = Lake.open(home);
    this.broker = new ChaosBroker(home.kafka());
    byte[] header =
        ConfluentWireFormat.header(parts.desk().register("raw-value", RawRecords.SCHEMA_JSON));
    this.traffic =
        new Traffic(
            random,
            new RecordMaker(random, header, parts.present()),
            log,
            broker.bootstrapServers());
    this.partitions = partitions();
    this.jobs = new LiveJobs(home, parts.pool(), broker.bootstrapServers(), parts.desk().url());
    this.flow = new Flow(traffic, lake, jobs, watch, partitions);
    this.upkeep = new Upkeep(home, parts.pool(), flow);
  }

  private SchemaCatalog takeContracts(Path schemas) throws IOException {
    Path chosen = home.folder().resolve("schemas");
    for (String file : SCHEMAS) {
      Path copy = chosen.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(schemas.resolve(file), copy);
    }
    AppliedContracts contracts = AppliedContracts.of(home);
    String version = contracts.stage(chosen);
    contracts.activate(version);
    return contracts.load(version);
  }

  private Map<StreamPartition, SentLog.Partition> partitions() {
    Map<StreamPartition, SentLog.Partition> known = new HashMap<>();
    try {
      for (StreamPartition partition : StreamEnds.of(broker.bootstrapServers()).keySet()) {
        for (RecordMaker.Stream stream : RecordMaker.Stream.values()) {
          if (partition.topic().equals(Traffic.topic(stream))) {
            known.put(partition, new SentLog.Partition(stream, partition.partition()));
          }
        }
      }
    } catch (StreamEnds.StreamUnavailableException e) {
      throw new PlatformFailure("The broker does not tell its streams", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformFailure("Interrupted", e);
    }
    return known;
  }

  /** Lives through all faults and compares. */
  ChaosReport live() throws IOException {
    long started = System.nanoTime();
    traffic.send(RECORDS_BEFORE_ALL);
    jobs.start(Fault.Restart.TABLES);
    FaultPlayer player =
        new FaultPlayer(new FaultPlayer.Platform(broker, jobs, lake), flow, upkeep, random);
    List<String> happened = new ArrayList<>();
    for (Fault fault : faults) {
      long begun = System.nanoTime();
      traffic.send(RECORDS_BEFORE_A_FAULT);
      player.play(fault);
      traffic.send(RECORDS_BEFORE_A_FAULT);
      flow.caughtUp();
      happened.add(fault.toString());
      tell(fault.toString(), begun);
    }
    settle();
    return new ChaosReport(
        seed,
        happened,
        log.size(),
        watch.snapshots(),
        jobs.startsWithoutState(),
        seconds(started),
        verdicts());
  }

  /** Past periods are sealed, nothing is under way, nothing is left over. */
  private void settle() {
    flow.caughtUp();
    if (!faults.isEmpty()) {
      step("then a seal", () -> upkeep.seal(""));
      flow.caughtUp();
      step("replays of what is sealed", this::replayAll);
    }
    jobs.cancel();
    parts.pool().giveBack(jobs.node());
    if (!faults.isEmpty()) {
      // A process that starts cold takes as long as a fault; every other seed is enough of them.
      String points = seed % 2 == 0 ? "expire.remove-orphan@2:kill" : "";
      step("expiry", () -> upkeep.expire(points));
      cleaned = true;
    }
  }

  private void step(String what, Runnable work) {
    long begun = System.nanoTime();
    work.run();
    tell(what, begun);
  }

  private void tell(String what, long begun) {
    parts.progress().accept(String.format("  %-60s %5.1f s", what, seconds(begun)));
  }

  /** What live wrote by now, out of what it wrote it from, and out of Bronze. */
  private void replayAll() {
    List<String> origins = new ArrayList<>(List.of("bronze", "stream"));
    Collections.shuffle(origins, random);
    upkeep.replay(
        List.of(
            new MonthsReplay(RecordMaker.Stream.BARS, FIRST, LAST, origins.get(0)),
            new MonthsReplay(RecordMaker.Stream.TRANSACTIONS, FIRST, LAST, origins.get(1))));
  }

  /** How the tables are now. */
  List<Verdict> verdicts() throws IOException {
    flow.look();
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(new BronzeVerdict(partitions, log).of(lake, Lake.root(home)));
    verdicts.addAll(new SilverVerdicts(lake, log, partitions).all());
    verdicts.add(
        new Verdict(
            4,
            "a replay of what live wrote changes nothing, and brings back what was lost, killed"
                + " and resumed or not",
            upkeep.changes()));
    verdicts.addAll(verdictsOfFiles());
    verdicts.add(watch.verdict());
    verdicts.add(
        new Verdict(
            0, "no job ends by itself but where it asks for a start", jobs.endedByThemselves()));
    verdicts.add(new Verdict(0, "seal, replay and expiry end as they should", upkeep.findings()));
    return verdicts;
  }

  List<Verdict> verdictsOfFiles() {
    return List.of(FileVerdict.of(lake, home.lake(), cleaned));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  @Override
  public void close() throws IOException {
    traffic.close();
    lake.close();
    broker.close();
  }
}
