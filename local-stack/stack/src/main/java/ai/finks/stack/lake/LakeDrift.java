package ai.finks.stack.lake;

import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.FieldBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** The fields that sources send other than their bindings know them, from the accounting. */
public final class LakeDrift {
  private static final String UNKNOWN = "unknown";

  private LakeDrift() {}

  /**
   * One field's drift.
   *
   * @param entity the entity that the source feeds
   * @param source the source
   * @param field a path or column of its payload
   * @param kind {@code unknown}, {@code type} or {@code vanished}
   * @param records in how many records
   * @param policy what the contract says to it
   */
  public record FieldDrift(
      String entity, String source, String field, String kind, long records, String policy) {}

  /**
   * All drift that was ever counted, but for unknown fields that are bound or ignored by now.
   *
   * @param catalog contracts and bindings that run now
   */
  public static List<FieldDrift> of(Lake lake, SchemaCatalog catalog) {
    Map<List<String>, Long> sums = new TreeMap<>(LakeDrift::compare);
    try {
      Table accounting = lake.load(LakeTables.ACCOUNTING);
      if (accounting.schema().findField("drifted") != null) {
        sum(accounting, sums);
      }
    } catch (NoSuchTableException e) {
      return List.of();
    }
    List<FieldDrift> drift = new ArrayList<>();
    sums.forEach(
        (key, records) -> {
          String policy =
              catalog
                  .contract(key.get(0))
                  .map(contract -> contract.drift().name().toLowerCase(Locale.ROOT))
                  .orElse("");
          FieldDrift field =
              new FieldDrift(key.get(0), key.get(1), key.get(2), key.get(3), records, policy);
          if (!isKnownByNow(field, catalog)) {
            drift.add(field);
          }
        });
    return drift;
  }

  private static void sum(Table accounting, Map<List<String>, Long> sums) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(accounting)
            .where(Expressions.greaterThan("drifted", 0L))
            .select("entity", "source", "drifted", "drift")
            .build()) {
      for (Record row : rows) {
        for (Object field : (List<?>) row.getField("drift")) {
          StructLike drift = (StructLike) field;
          sums.merge(
              List.of(
                  (String) row.getField("entity"),
                  (String) row.getField("source"),
                  drift.get(1, String.class),
                  drift.get(0, String.class)),
              drift.get(2, Long.class),
              Long::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int compare(List<String> a, List<String> b) {
    return String.join("\n", a).compareTo(String.join("\n", b));
  }

  private static boolean isKnownByNow(FieldDrift drift, SchemaCatalog catalog) {
    if (!drift.kind().equals(UNKNOWN)) {
      return false;
    }
    Binding binding = catalog.binding(drift.source() + "." + drift.entity()).orElse(null);
    if (binding == null) {
      return false;
    }
    List<String> places = new ArrayList<>(binding.ignored());
    for (FieldBinding field : binding.fields()) {
      places.add(field.locator().text());
    }
    return places.contains(drift.field()) || places.contains("/" + drift.field());
  }
}
