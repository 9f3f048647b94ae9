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
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals the entities that it is given, one after the other; tells a line per period. */
final class SealEntity extends RichFlatMapFunction<String, String> {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(SealEntity.class);

  /** File and text of each contract: they are parsed where they are used. */
  private final TreeMap<String, ArrayList<String>> contracts = new TreeMap<>();

  private final CatalogLoader catalogLoader;
  private final @Nullable String period;
  private final @Nullable String scratchDir;
  private final int threads;
  private final long sortMemory;

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
  public void flatMap(String entity, Collector<String> out) throws IOException {
    List<String> text = contracts.getOrDefault(entity, new ArrayList<>());
    Contract contract = Contract.parse(text.get(0), text.get(1));
    Path parent = Path.of(scratchDir == null ? System.getProperty("java.io.tmpdir") : scratchDir);
    Path scratch = Files.createTempDirectory(parent, "finks-seal-");
    try (LakeCatalog catalog = catalogLoader.open()) {
      LakeTables.prepareForSeal(catalog, contract);
      String id = "seal-" + entity + "-" + UUID.randomUUID();
      SealOptions options = SealOptions.of(scratch).withThreads(threads).withMemory(sortMemory);
      new Seal(catalog.load(LakeTables.silver(entity)), contract, options, id)
          .run(
              WallClock.utc().instant(),
              period == null ? null : TablePeriod.parse(period),
              done -> done.forEach(report -> out.collect(told(entity, report))));
      SideCompaction.run(catalog, entity, id, SideCompaction.LEAST_FILES)
          .forEach(report -> out.collect(told(report)));
    } finally {
      Files.delete(scratch);
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
