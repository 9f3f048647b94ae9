package ai.finks.flink.table;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaEvolutionTest {
  private static final NestedField SYMBOL = required(7, "symbol", Types.StringType.get());
  private static final NestedField SIZE = required(3, "size", Types.IntegerType.get());

  @TempDir Path home;
  private LakeCatalog catalog;
  private Table table;

  @BeforeEach
  void create() {
    catalog = TestCatalog.create(home);
    LakeTables.createEntity(
        catalog, home.resolve("lake").toString(), "trades", List.of(SYMBOL, SIZE), List.of("year"));
    table = catalog.load(LakeTables.silver("trades"));
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Test
  void newTableKeepsTheIdsOfItsSchema() {
    assertThat(table.schema().findField("symbol").fieldId()).isEqualTo(7);
    assertThat(table.schema().findField("size").fieldId()).isEqualTo(3);
    assertThat(table.schema().findField("_source").fieldId()).isEqualTo(1001);
    assertThat(table.spec().fields())
        .singleElement()
        .satisfies(
            field ->
                assertThat(field.sourceId()).isEqualTo(table.schema().findField("year").fieldId()));
    assertThat(table.properties()).containsEntry("write.data.path", table.location());
    assertThat(table.spec().isPartitioned()).isTrue();
  }

  @Test
  void columnsAreAddedWidenedRenamedAndPutInTheContractsOrder() {
    Schema wanted =
        silver(
            optional(9, "note", Types.StringType.get()),
            required(7, "ticker", Types.StringType.get()),
            optional(3, "size", Types.LongType.get()));

    assertThat(SchemaEvolution.apply(table, wanted)).isTrue();
    assertThat(SchemaEvolution.apply(table, wanted)).isFalse();

    Table evolved = catalog.load(LakeTables.silver("trades"));
    assertThat(evolved.schema().asStruct()).isEqualTo(wanted.asStruct());
    assertThat(evolved.spec().isPartitioned()).isTrue();
  }

  @Test
  void whatOldRowsCannotBeReadWithIsRefusedWithEveryReason() {
    table.newAppend().commit();
    Schema wanted =
        silver(
            required(9, "note", Types.StringType.get()),
            required(3, "size", Types.StringType.get()));

    assertThatThrownBy(() -> SchemaEvolution.apply(table, wanted))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'note' is new and required")
        .hasMessageContaining("'size' is int and cannot become string")
        .hasMessageContaining("'symbol' (id 7) would be gone");
  }

  @Test
  void stepBackIsTakenOnlyWhileNothingWasWrittenSince() {
    Schema before = table.schema();
    table.newAppend().commit();
    Schema wider = silver(SYMBOL, required(3, "size", Types.LongType.get()));
    SchemaEvolution.apply(table, wider);

    assertThat(SchemaEvolution.apply(table, before)).isTrue();
    assertThat(catalog.load(LakeTables.silver("trades")).schema().findType("size"))
        .isEqualTo(Types.IntegerType.get());

    SchemaEvolution.apply(table, wider);
    catalog.load(LakeTables.silver("trades")).newAppend().commit();
    assertThatThrownBy(() -> SchemaEvolution.apply(table, before))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tableThatTheCatalogNumberedServesAsLongAsNothingChanges() {
    Table numbered =
        catalog
            .catalog()
            .buildTable(
                org.apache.iceberg.catalog.TableIdentifier.of("silver", "numbered"),
                silver(SYMBOL, SIZE))
            .create();

    assertThat(numbered.schema().findField("symbol").fieldId()).isEqualTo(1);
    assertThat(SchemaEvolution.apply(numbered, silver(SYMBOL, SIZE))).isFalse();
    assertThatThrownBy(() -> SchemaEvolution.apply(numbered, silver(SYMBOL)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Schema silver(NestedField... contractFields) {
    return TableSchemas.silver(List.of(contractFields), List.of("year"));
  }
}
