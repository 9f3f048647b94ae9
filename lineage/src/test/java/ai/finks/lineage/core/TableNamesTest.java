package ai.finks.lineage.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableNamesTest {
  @ParameterizedTest
  @CsvSource({
    "s3://lake/silver/entity=bars, silver.bars_versions",
    "file:/home/lake/quarantine/entity=bars/, quarantine.bars",
    "marks/entity=quotes, marks.quotes",
    "s3://lake/accounting/partitions, accounting.partitions",
    "s3://lake/bronze/_ledger, bronze.files",
    "/lake/gold/domain=portfolio/dataset=daily_portfolio_summary/version=1,"
        + "gold.daily_portfolio_summary",
    "s3://lake/bronze/source=fmp,",
    "s3://lake/other/entity=bars,"
  })
  void tablesAreKnownByWhereTheyLie(String location, String table) {
    assertThat(TableNames.ofLocation(location)).isEqualTo(Optional.ofNullable(table));
  }
}
