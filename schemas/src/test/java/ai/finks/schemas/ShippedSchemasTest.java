package ai.finks.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShippedSchemasTest {

  @Test
  void shippedContractsAndBindingsAgree() {
    assertThat(SchemaCatalog.check(Path.of("."))).isEmpty();
  }

  @Test
  void everyShippedContractHasABinding() {
    SchemaCatalog catalog = SchemaCatalog.load(Path.of("."));
    assertThat(catalog.contracts())
        .extracting(Contract::entity)
        .containsExactly("bars", "bars_intraday", "quotes", "transactions");
    assertThat(catalog.bindings())
        .extracting(Binding::name)
        .containsExactly(
            "files.bars",
            "files.bars_intraday",
            "fmp.bars",
            "fmp.bars_intraday",
            "fmp.quotes",
            "mongodb.transactions",
            "screener.quotes");
  }
}
