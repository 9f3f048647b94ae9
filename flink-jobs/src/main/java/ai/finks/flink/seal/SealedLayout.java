package ai.finks.flink.seal;

import ai.finks.flink.silver.parquet.ColumnarFormat;
import ai.finks.flink.table.SealedOrder;
import ai.finks.flink.table.TablePeriod;
import ai.finks.flink.table.TableSchemas;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.PropertyUtil;

/**
 * How the files of a Silver table's sealed periods are: the order of their rows, their marks of
 * superseded versions, their size.
 *
 * <p>The mark of a row in a sealed file says: {@code true}, a newer version of its (source, key)
 * lies in the same period; {@code false}, it is the newest of its key, and when the period was
 * sealed no other one had the key; null, it is the newest of its key in the period, and others may
 * have versions of it. So the marks of a period follow from that period's own rows, and a key has
 * at most one {@code false} in the whole table: readers take it as it is unless a row without a
 * mark has the same key.
 */
public final class SealedLayout {
  private static final long DEFAULT_TARGET_BYTES = 512L << 20;
  private static final List<String> VERSION_ORDER =
      List.of("_version", "_batch_id", "_sequence", "_content_hash");
  private static final List<String> COORDINATES =
      List.of("_stream_id", "_partition", "_offset", "_element");

  private final Table table;
  private final Schema schema;
  private final SortOrder order;
  private final List<String> sorted;
  private final List<String> identity = new ArrayList<>(List.of("_source"));
  private final boolean keyHoldsPeriod;
  private final int superseded;
  private final int source;
  private final int firstLevel;

  private SealedLayout(Table table, Contract contract, SortOrder order) {
    this.table = table;
    this.schema = table.schema();
    this.order = order;
    this.sorted = SealedOrder.columns(contract);
    contract.key().stream().filter(Field::isStored).forEach(field -> identity.add(field.name()));
    this.keyHoldsPeriod = keyHoldsPeriod(contract);
    this.superseded = position(TableSchemas.SUPERSEDED);
    this.source = position("_source");
    this.firstLevel = position("year");
  }

  /**
   * The layout of a table as it is; refresh it first.
   *
   * @throws IllegalStateException if it was never made ready for sealing
   */
  public static SealedLayout of(Table table, Contract contract) {
    SortOrder order =
        SealedOrder.find(table, contract)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        table.name()
                            + " does not know the sealed order; the silver job's start gives it"));
    return new SealedLayout(table, contract, order);
  }

  private int position(String column) {
    NestedField field = schema.findField(column);
    if (field == null) {
      throw new IllegalStateException(table.name() + " has no column '" + column + "'");
    }
    return schema.columns().indexOf(field);
  }

  /** Whether all versions of a key lie in one period, since the event time is part of the key. */
  public static boolean keyHoldsPeriod(Contract contract) {
    return contract.key().contains(contract.eventTime())
        && contract.eventTime().masking().isEmpty();
  }

  /** The same of this table's contract. */
  public boolean keyHoldsPeriod() {
    return keyHoldsPeriod;
  }

  /** The columns of the rows that are written, in their order. */
  public Schema schema() {
    return schema;
  }

  /**
   * Begins the files of one period.
   *
   * @param operationId part of the files' names, another one for each attempt
   */
  public SealedPeriodWriter open(TablePeriod period, SortMemory memory, String operationId) {
    return new SealedPeriodWriter(this, period, memory, operationId);
  }

  Table table() {
    return table;
  }

  SortOrder order() {
    return order;
  }

  long targetBytes() {
    return PropertyUtil.propertyAsLong(
        table.properties(), TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, DEFAULT_TARGET_BYTES);
  }

  /** Source and key: what versions are versions of. */
  List<String> identity() {
    return identity;
  }

  int superseded() {
    return superseded;
  }

  int source() {
    return source;
  }

  int firstLevel() {
    return firstLevel;
  }

  ColumnarFormat format() {
    return ColumnarFormat.of(table);
  }

  RowDataSerializer serializer() {
    return new RowDataSerializer(FlinkSchemaUtil.convert(schema));
  }

  /** The order that files carry. */
  ColumnsOrder sealedOrder() {
    return ColumnsOrder.of(schema, sorted);
  }

  /** The same, and all that tells rows apart beyond it: equal rows give equal files. */
  ColumnsOrder totalOrder() {
    List<String> columns = new ArrayList<>(sorted);
    columns.add("_source");
    columns.addAll(VERSION_ORDER.subList(1, VERSION_ORDER.size()));
    columns.addAll(COORDINATES);
    return ColumnsOrder.of(schema, columns);
  }

  ColumnsOrder keyOrder() {
    return ColumnsOrder.of(schema, identity.subList(1, identity.size()));
  }

  ColumnsOrder versionOrder() {
    return ColumnsOrder.of(schema, VERSION_ORDER);
  }
}
