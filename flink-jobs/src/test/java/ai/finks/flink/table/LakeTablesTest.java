package ai.finks.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTablesTest {
  @TempDir Path home;

  @Test
  void entityIsWrittenFromItsFirstRowOn() throws Exception {
    try (LakeCatalog catalog = TestCatalog.create(home)) {
      assertThat(LakeTables.isWritten(catalog, "bars")).isFalse();

      LakeTables.createEntity(
          catalog,
          home.resolve("lake").toString(),
          "bars",
          List.of(NestedField.required(1, "symbol", Types.StringType.get())),
          List.of());
      assertThat(LakeTables.isWritten(catalog, "bars")).isFalse();

      catalog.load(LakeTables.silver("bars")).newAppend().commit();
      assertThat(LakeTables.isWritten(catalog, "bars")).as("a sign of life").isFalse();

      catalog.load(LakeTables.silver("bars")).newAppend().appendFile(TestCatalog.file(1)).commit();
      assertThat(LakeTables.isWritten(catalog, "bars")).isTrue();
    }
  }
}
