package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.SchemaCatalog;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceNamesTest {
  private static final SchemaCatalog CATALOG = SchemaCatalog.load(Path.of("../schemas"));

  @ParameterizedTest
  @ValueSource(
      strings = {"clientName", "/fee/$numberDecimal", "line-1", "a.b_c", "/entry/@id", "Größe"})
  void namesAreShown(String name) {
    assertThat(SourceNames.looksLikeName(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Jane Doe", "jane@example.org", "ACC-12345678", "{x}", "a,b"})
  void valuesInTheirPlaceAreNot(String name) {
    assertThat(SourceNames.looksLikeName(name)).isFalse();
  }

  @Test
  void onlyContractsWithPersonalDataHideThem() {
    List<String> names = List.of("Trade Date", "volume");

    assertThat(new SourceNames(CATALOG.contract("bars").orElseThrow()).shown(names))
        .isEqualTo(names);
    assertThat(new SourceNames(CATALOG.contract("transactions").orElseThrow()).shown(names))
        .containsExactly("name(10)", "volume");
  }
}
