package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeSealTest {
  @TempDir Path folder;

  @Test
  void entityThatCannotBeSealedDoesNotKeepTheNextFromIt() throws Exception {
    FinksHome home = FinksHome.at(folder);
    home.create();
    SchemaCatalog schemas = SchemaCatalog.load(Path.of("..", "..", "schemas"));
    List<Contract> contracts =
        List.of(schemas.contract("bars").orElseThrow(), schemas.contract("quotes").orElseThrow());
    LakeCatalog.initialise(CatalogConfig.of(Lake.catalogSettings(home), Lake.root(home)));
    List<String> progress = new ArrayList<>();
    try (Lake lake = Lake.open(home)) {
      LakeTables.createMissing(lake.catalog(), Lake.root(home), contracts);
      deleteMetadata(lake.load(LakeTables.silver("bars")));
      deleteMetadata(lake.load(LakeTables.silver("quotes")));

      LakeSeal seal = new LakeSeal(home, lake, 1, Instant.now());
      assertThatThrownBy(() -> seal.run(contracts, null, progress::add))
          .isInstanceOf(NotFoundException.class)
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    assertThat(progress)
        .hasSize(2)
        .anyMatch(line -> line.startsWith("  bars was not sealed: "))
        .anyMatch(line -> line.startsWith("  quotes was not sealed: "));
    assertThat(home.scratch()).isEmptyDirectory();
  }

  private static void deleteMetadata(Table table) throws IOException {
    Files.delete(
        Path.of(((HasTableOperations) table).operations().current().metadataFileLocation()));
  }
}
