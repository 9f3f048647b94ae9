package ai.finks.flink.table;

import ai.finks.flink.silver.core.Column;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** A contract's columns as Iceberg fields: stored types, ids and descriptions of the contract. */
final class ContractColumns {
  private ContractColumns() {}

  static List<NestedField> of(Contract contract) {
    return Column.of(contract).stream().map(ContractColumns::field).collect(Collectors.toList());
  }

  private static NestedField field(Column column) {
    return NestedField.of(
        column.id(), !column.required(), column.name(), type(column.type()), column.doc());
  }

  private static Type type(FieldType type) {
    switch (type.kind()) {
      case STRING:
        return Types.StringType.get();
      case BOOLEAN:
        return Types.BooleanType.get();
      case INT:
        return Types.IntegerType.get();
      case LONG:
        return Types.LongType.get();
      case DATE:
        return Types.DateType.get();
      case TIMESTAMP:
        return Types.TimestampType.withZone();
      case DECIMAL:
        return Types.DecimalType.of(type.precision(), type.scale());
    }
    throw new IllegalArgumentException("No column type for " + type);
  }
}
