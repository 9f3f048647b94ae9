package ai.finks.flink.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.FinksJobs;
import ai.finks.flink.seal.SealBed.Trade;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TestCatalog;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealJobTest {
  @TempDir Path home;

  @Test
  void jobSealsPastPeriodsAndEnds() throws Exception {
    Contract contract = Contract.parse("trades.avsc", SealBed.contractText(true));
    Path schemas = home.resolve("schemas");
    Files.createDirectories(schemas.resolve("sources"));
    Files.createDirectories(schemas.resolve("avro"));
    Files.writeString(schemas.resolve("avro/trades.avsc"), SealBed.contractText(true));
    Path scratch = Files.createDirectory(home.resolve("scratch"));
    try (LakeCatalog catalog = TestCatalog.create(home)) {
      LakeTables.createMissing(catalog, home.resolve("lake").toString(), List.of(contract));
      Table table = catalog.load(LakeTables.silver("trades"));
      for (int i = 0; i < 3; i++) {
        AppendFiles append = table.newAppend();
        SealBed.write(table, List.of(new Trade("k", "desk", "a", 3 + i % 2, i, 10 + i, i)))
            .forEach(append::appendFile);
        append.commit();
      }

      run(schemas, scratch);

      table.refresh();
      SealedPeriods periods = SealedPeriods.of(table);
      assertThat(periods.open()).isEmpty();
      assertThat(periods.sealed()).containsExactly(SealBed.period(3), SealBed.period(4));
      assertThat(periods.files(SealBed.period(3))).hasSize(1);
      assertThat(scratch).isEmptyDirectory();
    }
  }

  @Test
  void entityThatCannotBeSealedIsNamedAndTheOthersAreSealed() throws Exception {
    List<Contract> contracts = new ArrayList<>();
    for (String entity : List.of("apples", "bonds", "trades")) {
      Path file = home.resolve(entity + ".avsc");
      Files.writeString(
          file, SealBed.contractText(true).replace("\"trades\"", "\"" + entity + "\""));
      contracts.add(Contract.parse(file.toString(), Files.readString(file)));
    }
    Path scratch = Files.createDirectory(home.resolve("scratch"));
    Map<String, String> keys = new TreeMap<>(TestCatalog.keys(home));
    keys.putAll(Map.of("lake.root", "lake", "schemas.dir", "schemas"));
    keys.put("scratch.dir", scratch.toString());
    SealEntity seal =
        new SealEntity(SealConfig.of(keys), contracts, CatalogLoader.of(TestCatalog.config(home)));
    try (LakeCatalog catalog = TestCatalog.create(home);
        OneInputStreamOperatorTestHarness<String, String> job =
            new OneInputStreamOperatorTestHarness<>(seal)) {
      LakeTables.createMissing(catalog, home.resolve("lake").toString(), contracts.subList(1, 3));
      deleteMetadata(catalog.load(LakeTables.silver("bonds")));
      Table trades = catalog.load(LakeTables.silver("trades"));
      AppendFiles append = trades.newAppend();
      SealBed.write(trades, List.of(new Trade("k", "desk", "a", 3, 1, 10, 1)))
          .forEach(append::appendFile);
      append.commit();
      job.open();

      for (Contract contract : contracts) {
        job.processElement(contract.entity(), 0);
      }

      assertThatThrownBy(job::endInput).hasMessage("Not sealed: bonds");
      trades.refresh();
      assertThat(SealedPeriods.of(trades).sealed()).containsExactly(SealBed.period(3));
      assertThat(scratch).isEmptyDirectory();
    }
  }

  private static void deleteMetadata(Table table) throws IOException {
    String file = ((HasTableOperations) table).operations().current().metadataFileLocation();
    Files.delete(Path.of(file));
  }

  private void run(Path schemas, Path scratch) throws Exception {
    Map<String, String> keys = new TreeMap<>(TestCatalog.keys(home));
    keys.put("lake.root", home.resolve("lake").toString());
    keys.put("schemas.dir", schemas.toString());
    keys.put("scratch.dir", scratch.toString());
    List<String> arguments = new ArrayList<>(List.of("seal"));
    keys.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
    FinksJobs.main(arguments.toArray(new String[0]));
  }

  @Test
  void everyKeyIsReadAndOthersAreRefused() {
    Map<String, String> keys = new TreeMap<>(TestCatalog.keys(home));
    keys.put("lake.root", "lake");
    assertThatThrownBy(() -> SealConfig.of(keys)).hasMessageContaining("schemas.dir");
    keys.put("schemas.dir", "schemas");
    SealConfig byDefault = SealConfig.of(keys);
    assertThat(byDefault.entities()).isEmpty();
    assertThat(byDefault.period()).isEmpty();
    assertThat(byDefault.parallelism()).isEqualTo(1);
    assertThat(byDefault.threads()).isEqualTo(2);
    assertThat(byDefault.sortMemory()).isEqualTo(64 << 20);
    assertThat(byDefault.scratchDir()).isEmpty();

    keys.put("entities", "trades,bars");
    keys.put("period", "2025-03");
    keys.put("parallelism", "2");
    keys.put("threads", "4");
    keys.put("sort-memory", "2mb");
    keys.put("scratch.dir", "/var/scratch");
    SealConfig config = SealConfig.of(keys);
    assertThat(config.entities()).containsExactly("trades", "bars");
    assertThat(config.period()).contains(SealBed.period(3));
    assertThat(config.parallelism()).isEqualTo(2);
    assertThat(config.threads()).isEqualTo(4);
    assertThat(config.sortMemory()).isEqualTo(2 << 20);
    assertThat(config.scratchDir()).contains("/var/scratch");
    keys.put("period", "March");
    assertThatThrownBy(() -> SealConfig.of(keys)).hasMessageContaining("'period'");
    keys.put("period", "2025");
    keys.put("kafka.bootstrap-servers", "localhost:1");
    assertThatThrownBy(() -> SealConfig.of(keys)).hasMessageContaining("kafka.bootstrap-servers");
  }
}
