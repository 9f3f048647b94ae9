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
        .containsExactly("bars", "quotes", "transactions");
    assertThat(catalog.bindings())
        .extracting(Binding::name)
        .containsExactly(
            "files.bars", "fmp.bars", "fmp.quotes", "mongodb.transactions", "screener.quotes");
  }
}
