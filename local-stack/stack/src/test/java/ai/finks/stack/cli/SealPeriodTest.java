package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.stack.Checkout;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a period that is asked for by its name and not sealed. */
class SealPeriodTest {
  private static final Path SCHEMAS = Checkout.root().resolve("schemas");

  @TempDir Path folder;
  private String thisMonth = "";

  @BeforeEach
  void lakeWithOneSealedMonthAndThisOne() throws Exception {
    FinksHome home = FinksHome.at(folder);
    home.create();
    AppliedContracts applied = AppliedContracts.of(home);
    applied.rememberOrigin(SCHEMAS);
    applied.activate(applied.stage(SCHEMAS));
    LakeCatalog.initialise(CatalogConfig.of(Lake.catalogSettings(home), Lake.root(home)));
    thisMonth = YearMonth.now(ZoneOffset.UTC).plusMonths(1).toString();
    try (Lake lake = Lake.open(home)) {
      LakeTables.createMissing(
          lake.catalog(), Lake.root(home), SchemaCatalog.load(SCHEMAS).contracts());
      Table bars = lake.load(LakeTables.silver("bars"));
      bars.newAppend()
          .appendFile(file(bars, "2017-01").withSortOrder(bars.sortOrders().get(1)).build())
          .appendFile(file(bars, thisMonth).build())
          .commit();
    }
  }

  @Test
  void periodThatIsNoneOfTheTablesIsWrongUsage() {
    CommandRun day = seal("bars", "--period", "2018-01-05");

    assertThat(day.exitCode()).isEqualTo(2);
    assertThat(day.err()).contains("2018-01-05 is no period").contains("bars=2026-01");
    assertThat(seal("--period", "2018").exitCode()).isEqualTo(2);
  }

  @Test
  void periodThatIsLeftAloneIsSaidToBe() {
    assertThat(seal("bars", "--period", "2017-01").out())
        .isEqualTo("2017-01 of bars: sealed already\n");
    assertThat(seal("bars", "--period", "2016-01").out())
        .isEqualTo("2016-01 of bars: has no rows\n");
    CommandRun open = seal("bars", "--period", thisMonth, "--json");
    assertThat(open.exitCode()).isZero();
    assertThat(open.out().replaceAll("\\s", "")).contains("\"left_alone\":{\"bars\":\"notover\"}");
  }

  private CommandRun seal(String... arguments) {
    String[] line = new String[arguments.length + 4];
    line[0] = "seal";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    line[arguments.length + 1] = "--dry-run";
    line[arguments.length + 2] = "--home";
    line[arguments.length + 3] = folder.toString();
    return CommandRun.of(line);
  }

  private static DataFiles.Builder file(Table table, String month) {
    return DataFiles.builder(table.spec())
        .withPath(table.location() + "/" + month + ".parquet")
        .withPartitionPath("year=" + month.substring(0, 4) + "/month=" + month.substring(5))
        .withFileSizeInBytes(100)
        .withRecordCount(1);
  }
}
