package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Column;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;

/** The Avro schema of a typed topic: the contract as it is stored, after masking. */
final class TypedSchema {
  private TypedSchema() {}

  static Schema of(Contract contract) {
    Schema stored = new Schema.Parser().parse(contract.avroSchema());
    FieldAssembler<Schema> fields =
        SchemaBuilder.record(stored.getName())
            .namespace(stored.getNamespace())
            .doc(contract.doc())
            .fields();
    for (Column column : Column.of(contract)) {
      Schema type = type(column.type());
      SchemaBuilder.FieldBuilder<Schema> field =
          fields
              .name(column.name())
              .doc(column.doc())
              .aliases(column.field().aliases().toArray(new String[0]));
      if (column.required()) {
        fields = field.type(type).noDefault();
      } else {
        fields =
            field.type(Schema.createUnion(Schema.create(Schema.Type.NULL), type)).withDefault(null);
      }
    }
    return fields.endRecord();
  }

  private static Schema type(FieldType type) {
    switch (type.kind()) {
      case STRING:
        return Schema.create(Schema.Type.STRING);
      case BOOLEAN:
        return Schema.create(Schema.Type.BOOLEAN);
      case INT:
        return Schema.create(Schema.Type.INT);
      case LONG:
        return Schema.create(Schema.Type.LONG);
      case DATE:
        return LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIMESTAMP:
        return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case DECIMAL:
        return LogicalTypes.decimal(type.precision(), type.scale())
            .addToSchema(Schema.create(Schema.Type.BYTES));
    }
    throw new IllegalArgumentException("No Avro type for " + type);
  }
}
