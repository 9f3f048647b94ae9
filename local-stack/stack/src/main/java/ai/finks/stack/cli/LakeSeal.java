package ai.finks.stack.cli;

import ai.finks.flink.seal.CompactionReport;
import ai.finks.flink.seal.PeriodReport;
import ai.finks.flink.seal.ScratchFolder;
import ai.finks.flink.seal.Seal;
import ai.finks.flink.seal.SealOptions;
import ai.finks.flink.seal.SideCompaction;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.SnapshotHold;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.lineage.RunFacts;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Seals the Silver tables of a home, in this process; one at a time per home. */
final class LakeSeal {
  static final String WORK = "seal";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final FinksHome home;
  private final Lake lake;
  private final int threads;
  private final Instant now;
  private final @Nullable String correlationId;
  private final List<CompactionReport> compacted = new ArrayList<>();

  LakeSeal(FinksHome home, Lake lake, int threads, Instant now) {
    this(home, lake, threads, now, null);
  }

  /**
   * @param threads periods that are written at a time
   * @param now decides which periods are past
   * @param correlationId what causes the seals; null if they are their own cause
   */
  LakeSeal(FinksHome home, Lake lake, int threads, Instant now, @Nullable String correlationId) {
    this.home = home;
    this.lake = lake;
    this.threads = threads;
    this.now = now;
    this.correlationId = correlationId;
  }

  /**
   * What a seal made, or would make, of a period.
   *
   * @param sealId of the seal; empty for a plan
   */
  record Done(String entity, String sealId, PeriodReport period) {}

  /**
   * The entities of the home that have a Silver table, or the one that was asked for.
   *
   * @throws CommandFailure if there is no such entity
   */
  static List<Contract> entities(FinksHome home, @Nullable String entity) {
    SchemaCatalog catalog = Bindings.catalog(home);
    if (entity == null) {
      return catalog.contracts().stream().sorted(Comparator.comparing(Contract::entity)).toList();
    }
    return List.of(
        catalog
            .contract(entity)
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "There is no entity "
                            + entity
                            + "; there are: "
                            + catalog.contracts().stream()
                                .map(Contract::entity)
                                .sorted()
                                .toList())));
  }

  /** What would be sealed. */
  List<Done> plan(List<Contract> contracts, @Nullable TablePeriod only) {
    List<Done> planned = new ArrayList<>();
    for (Contract contract : contracts) {
      if (exists(contract)) {
        seal(contract, home.scratch(), "")
            .plan(now, only)
            .forEach(period -> planned.add(new Done(contract.entity(), "", period)));
      }
    }
    return planned;
  }

  /** Seals what is to be sealed. */
  List<Done> run(List<Contract> contracts, @Nullable TablePeriod only, Consumer<String> progress)
      throws IOException {
    List<Done> done = new ArrayList<>();
    List<RuntimeException> failures = new ArrayList<>();
    try (LakeLock ignored = LakeLock.take(home, WORK);
        RunTelling telling = RunTelling.on(home, progress);
        ScratchFolder scratch = newScratch()) {
      for (Contract contract : contracts) {
        try {
          done.addAll(run(contract, only, scratch, telling, progress));
        } catch (RuntimeException e) {
          // One that cannot be sealed must not keep the others from it, night after night.
          failures.add(e);
          progress.accept("  " + contract.entity() + " was not sealed: " + e.getMessage());
        }
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
    return done;
  }

  private void compact(String entity, String id, Consumer<String> progress) {
    for (CompactionReport report :
        SideCompaction.run(lake.catalog(), entity, id, SideCompaction.LEAST_FILES)) {
      compacted.add(report);
      progress.accept(
          String.format(
              "  %s: %,d small files are %,d now",
              report.table(), report.filesBefore(), report.filesAfter()));
    }
  }

  /** What {@link #run} made of the tables beside Silver. */
  List<CompactionReport> compacted() {
    return List.copyOf(compacted);
  }

  private List<Done> run(
      Contract contract,
      @Nullable TablePeriod only,
      ScratchFolder scratch,
      RunTelling telling,
      Consumer<String> progress) {
    if (!exists(contract)) {
      return List.of();
    }
    LakeTables.prepareForSeal(lake.catalog(), contract);
    // Who holds the lock knows that seals of before are dead.
    SnapshotHold.releaseAll(lake.load(LakeTables.silver(contract.entity())), "seal-");
    SideCompaction.releaseHolds(lake.catalog(), contract.entity());
    String id = newId(contract);
    List<Done> done =
        telling.of(
            facts(contract, id, only),
            () ->
                seal(contract, scratch.path(), id)
                    .run(now, only, part -> progress.accept(line(contract.entity(), part)))
                    .stream()
                    .map(period -> new Done(contract.entity(), id, period))
                    .toList(),
            LakeSeal::sums);
    if (only == null) {
      compact(contract.entity(), id, progress);
    }
    return done;
  }

  private String newId(Contract contract) {
    return String.format(
        "seal-%s-%s-%s",
        contract.entity(), TIME.format(now), UUID.randomUUID().toString().substring(0, 8));
  }

  private RunFacts facts(Contract contract, String id, @Nullable TablePeriod only) {
    List<String> table = List.of(LakeTables.silver(contract.entity()).toString());
    Map<String, String> asked = only == null ? Map.of() : Map.of("period", only.toString());
    return RunFacts.of(id, "seal", contract.entity(), Instant.now())
        .correlatedTo(correlationId)
        .asking(asked, table, table);
  }

  private static Map<String, Object> sums(List<Done> done) {
    return Map.of(
        "periods", (long) done.size(),
        "sealed", done.stream().filter(each -> each.period().isSealed()).count(),
        "rows", done.stream().mapToLong(each -> each.period().rows()).sum());
  }

  private boolean exists(Contract contract) {
    return lake.catalog().catalog().tableExists(LakeTables.silver(contract.entity()));
  }

  private Seal seal(Contract contract, Path scratch, String id) {
    return new Seal(
        lake.load(LakeTables.silver(contract.entity())),
        contract,
        SealOptions.of(scratch).withThreads(threads),
        id);
  }

  private static String line(String entity, List<PeriodReport> done) {
    return String.format(
        "  %s: %,d periods, %,d rows, %,d files are %,d now",
        entity,
        done.stream().filter(PeriodReport::isSealed).count(),
        done.stream().mapToLong(PeriodReport::rows).sum(),
        done.stream().mapToInt(PeriodReport::filesBefore).sum(),
        done.stream().mapToInt(PeriodReport::filesAfter).sum());
  }

  /** What a killed seal left goes first: nobody else is at it. */
  private ScratchFolder newScratch() throws IOException {
    Path folder = home.scratch();
    Files.createDirectories(folder);
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path left : entries.filter(path -> name(path).startsWith("seal-")).toList()) {
        ScratchFolder.remove(left);
      }
    }
    return ScratchFolder.in(folder, "seal-");
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
