package ai.finks.flink.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Brings a table's columns to a wanted schema in place. Columns are the same if their ids are;
 * names and positions may change. Data files are not touched: readers find columns by id, give null
 * for one that a file does not have, and widen what is narrower.
 *
 * <p>Allowed are a new optional column, a wider type (int to long, more digits of a decimal at the
 * same scale), another name, and a required column that becomes optional. A step back is allowed
 * too, as long as no snapshot was written since: it undoes a change that nobody has used.
 */
final class SchemaEvolution {
  private SchemaEvolution() {}

  /**
   * Changes the table if it differs.
   *
   * @return whether it differed
   * @throws IllegalStateException if it cannot become so, with every reason
   */
  static boolean apply(Table table, Schema wanted) {
    TableOperations operations = ((HasTableOperations) table).operations();
    TableMetadata base = operations.refresh();
    Schema current = base.schema();
    if (current.asStruct().equals(wanted.asStruct()) || differsInIdsOnly(current, wanted)) {
      return false;
    }
    List<String> obstacles = obstacles(current, wanted);
    if (!obstacles.isEmpty() && !(isUnused(base) && obstacles(wanted, current).isEmpty())) {
      throw new IllegalStateException(
          "The columns of table "
              + table.name()
              + " cannot become those of the contract: "
              + String.join("; ", obstacles));
    }
    operations.commit(base, base.updateSchema(wanted));
    return true;
  }

  /**
   * Whether the table was created with ids of the catalog's own. It serves as long as nothing
   * changes.
   */
  private static boolean differsInIdsOnly(Schema current, Schema wanted) {
    return TypeUtil.assignIncreasingFreshIds(current)
        .sameSchema(TypeUtil.assignIncreasingFreshIds(wanted));
  }

  /** Why rows written with the current schema could not be read with the wanted one. */
  private static List<String> obstacles(Schema current, Schema wanted) {
    List<String> obstacles = new ArrayList<>();
    Set<Integer> wantedIds = new HashSet<>();
    for (NestedField column : wanted.columns()) {
      wantedIds.add(column.fieldId());
      NestedField before = current.findField(column.fieldId());
      if (before == null) {
        if (column.isRequired()) {
          obstacles.add("'" + column.name() + "' is new and required, and old rows have none");
        }
      } else {
        compare(before, column, obstacles);
      }
    }
    for (NestedField column : current.columns()) {
      if (!wantedIds.contains(column.fieldId())) {
        obstacles.add("'" + column.name() + "' (id " + column.fieldId() + ") would be gone");
      }
    }
    return obstacles;
  }

  private static void compare(NestedField before, NestedField column, List<String> obstacles) {
    boolean readable =
        before.type().equals(column.type())
            || (column.type().isPrimitiveType()
                && TypeUtil.isPromotionAllowed(before.type(), column.type().asPrimitiveType()));
    if (!readable) {
      obstacles.add(
          "'" + column.name() + "' is " + before.type() + " and cannot become " + column.type());
    }
    if (before.isOptional() && column.isRequired()) {
      obstacles.add("'" + column.name() + "' is optional and cannot become required");
    }
  }

  /** Whether no snapshot was written with the current schema. */
  private static boolean isUnused(TableMetadata metadata) {
    for (Snapshot snapshot : metadata.snapshots()) {
      Integer schemaId = snapshot.schemaId();
      if (schemaId == null || schemaId == metadata.currentSchemaId()) {
        return false;
      }
    }
    return true;
  }
}
