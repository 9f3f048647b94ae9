package ai.finks.flink.table;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * The order of rows in the files of sealed periods: contract key, event time, version. A table
 * knows it beside its default, which is no order; a file that carries it is sealed.
 */
public final class SealedOrder {
  private static final int ATTEMPTS = 20;

  private SealedOrder() {}

  /** Whether the file was written by whoever sealed its period. */
  public static boolean isSealed(ContentFile<?> file) {
    Integer order = file.sortOrderId();
    return order != null && order != SortOrder.unsorted().orderId();
  }

  /** The columns that rows are sorted by, the first one first. */
  public static List<String> columns(Contract contract) {
    Set<String> columns = new LinkedHashSet<>();
    contract.key().stream().filter(Field::isStored).forEach(field -> columns.add(field.name()));
    if (contract.eventTime().isStored()) {
      columns.add(contract.eventTime().name());
    }
    columns.add("_version");
    return new ArrayList<>(columns);
  }

  /** The order as the table knows it; empty before {@link #register}. */
  public static Optional<SortOrder> find(Table table, Contract contract) {
    return known(RecordedOffsets.metadata(table), contract);
  }

  /** Makes the order known to the table, unless it is. The default order stays as it is. */
  static void register(Table table, Contract contract) {
    TableOperations operations = ((HasTableOperations) table).operations();
    for (int attempt = 1; ; attempt++) {
      TableMetadata base = operations.refresh();
      if (known(base, contract).isPresent()) {
        return;
      }
      try {
        SortOrder order = of(base.schema(), contract);
        operations.commit(base, TableMetadata.buildFrom(base).addSortOrder(order).build());
        return;
      } catch (CommitFailedException lostRace) {
        if (attempt == ATTEMPTS) {
          throw lostRace;
        }
      }
    }
  }

  private static Optional<SortOrder> known(TableMetadata metadata, Contract contract) {
    SortOrder wanted = of(metadata.schema(), contract);
    return metadata.sortOrders().stream().filter(order -> order.sameOrder(wanted)).findFirst();
  }

  private static SortOrder of(Schema schema, Contract contract) {
    SortOrder.Builder order = SortOrder.builderFor(schema);
    columns(contract).forEach(order::asc);
    return order.build();
  }
}
