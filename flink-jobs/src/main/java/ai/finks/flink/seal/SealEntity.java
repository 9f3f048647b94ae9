package ai.finks.flink.seal;

import ai.finks.flink.fault.WallClock;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals the entities that it is given, one after the other; tells a line per period.
 *
 * <p>One that cannot be sealed does not keep the others from it: it is named at the end of the
 * input, and then the job fails.
 */
final class SealEntity extends AbstractStreamOperator<String>
    implements OneInputStreamOperator<String, String>, BoundedOneInput {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(SealEntity.class);

  /** File and text of each contract: they are parsed where they are used. */
  private final TreeMap<String, ArrayList<String>> contracts = new TreeMap<>();

  private final CatalogLoader catalogLoader;
  private final @Nullable String period;
  private final @Nullable String scratchDir;
  private final int threads;
  private final long sortMemory;

  @SuppressWarnings("NullAway.Init") // open()
  private transient TreeMap<String, Exception> failures;

  SealEntity(SealConfig config, Collection<Contract> contracts, CatalogLoader catalogLoader) {
    for (Contract contract : contracts) {
      this.contracts.put(
          contract.entity(), new ArrayList<>(List.of(contract.file(), read(contract.file()))));
    }
    this.catalogLoader = catalogLoader;
    this.period = config.period().map(TablePeriod::toString).orElse(null);
    this.scratchDir = config.scratchDir().orElse(null);
    this.threads = config.threads();
    this.sortMemory = config.sortMemory();
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  @Override
  public void open() {
    failures = new TreeMap<>();
  }

  @Override
  public void processElement(StreamRecord<String> element) throws Exception {
    String entity = element.getValue();
    try {
      seal(entity);
    } catch (IOException | RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      LOG.error("entity={} was not sealed", entity, e);
      failures.put(entity, e);
    }
  }

  private void seal(String entity) throws IOException {
    List<String> text = contracts.getOrDefault(entity, new ArrayList<>());
    Contract contract = Contract.parse(text.get(0), text.get(1));
    Path parent = Path.of(scratchDir == null ? System.getProperty("java.io.tmpdir") : scratchDir);
    try (LakeCatalog catalog = catalogLoader.open();
        ScratchFolder scratch = ScratchFolder.in(parent, "finks-seal-")) {
      if (!catalog.exists(LakeTables.silver(entity))) {
        LOG.info("entity={} has no Silver table yet", entity);
        return;
      }
      LakeTables.prepareForSeal(catalog, contract);
      String id = "seal-" + entity + "-" + UUID.randomUUID();
      SealOptions options =
          SealOptions.of(scratch.path()).withThreads(threads).withMemory(sortMemory);
      new Seal(catalog.load(LakeTables.silver(entity)), contract, options, id)
          .run(
              WallClock.utc().instant(),
              period == null ? null : TablePeriod.parse(period),
              done -> done.forEach(report -> tell(told(entity, report))));
      SideCompaction.run(catalog, entity, id, SideCompaction.LEAST_FILES)
          .forEach(report -> tell(told(report)));
    }
  }

  private void tell(String line) {
    output.collect(new StreamRecord<>(line));
  }

  @Override
  public void endInput() {
    if (!failures.isEmpty()) {
      IllegalStateException failed =
          new IllegalStateException("Not sealed: " + String.join(", ", failures.keySet()));
      failures.values().forEach(failed::addSuppressed);
      failed.initCause(failures.firstEntry().getValue());
      throw failed;
    }
  }

  private static String told(CompactionReport report) {
    String line =
        String.format(
            "compacted=%s partitions=%d rows=%d files=%d>%d",
            report.table(),
            report.partitions(),
            report.rows(),
            report.filesBefore(),
            report.filesAfter());
    LOG.info(line);
    return line;
  }

  private static String told(String entity, PeriodReport report) {
    String line =
        String.format(
            "entity=%s period=%s sealed=%s rows=%d superseded=%d files=%d>%d failed=%s",
            entity,
            report.period(),
            report.isSealed(),
            report.rows(),
            report.superseded(),
            report.filesBefore(),
            report.filesAfter(),
            report.failures());
    if (report.isSealed()) {
      LOG.info(line);
    } else {
      LOG.warn(line);
    }
    return line;
  }
}
