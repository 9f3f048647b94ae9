package ai.finks.flink.table;

import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;

/** Sets a property of the table in each commit that goes through it. */
final class MarkingTableOperations extends ForwardingTableOperations {
  private final String property;
  private final String value;

  MarkingTableOperations(TableOperations operations, String property, String value) {
    super(operations);
    this.property = property;
    this.value = value;
  }

  @Override
  public void commit(TableMetadata base, TableMetadata updated) {
    operations.commit(
        base, TableMetadata.buildFrom(updated).setProperties(Map.of(property, value)).build());
  }
}
