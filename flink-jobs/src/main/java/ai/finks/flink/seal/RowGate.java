package ai.finks.flink.seal;

import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.StoredChecks;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.FieldType;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;

/** Asks a contract's checks of stored rows and counts those that do not fulfil one. */
final class RowGate {
  private static final int MICROS = 6;

  private final StoredChecks checks;
  private final int[] positions;
  private final int ingestTime;
  private final Map<String, Long> failures = new TreeMap<>();

  RowGate(Contract contract, Schema schema) {
    this.checks = new StoredChecks(contract);
    this.positions =
        checks.columns().stream()
            .mapToInt(column -> schema.columns().indexOf(schema.findField(column.name())))
            .toArray();
    this.ingestTime = schema.columns().indexOf(schema.findField("_ingest_time"));
  }

  void check(RowData row) {
    checks.clear();
    for (int i = 0; i < positions.length; i++) {
      if (!row.isNullAt(positions[i])) {
        set(checks.columns().get(i), row, positions[i]);
      }
    }
    String failing = checks.failing(micros(row, ingestTime));
    if (failing != null) {
      failures.merge(failing, 1L, Long::sum);
    }
  }

  private void set(Column column, RowData row, int at) {
    FieldType type = column.type();
    switch (type.kind()) {
      case STRING:
        checks.setText(column, row.getString(at).toBytes());
        break;
      case BOOLEAN:
        checks.set(column, row.getBoolean(at) ? 1 : 0);
        break;
      case INT:
      case DATE:
        checks.set(column, row.getInt(at));
        break;
      case TIMESTAMP:
        checks.set(column, micros(row, at));
        break;
      case DECIMAL:
        if (type.isWide()) {
          checks.setWide(column, row.getDecimal(at, type.precision(), type.scale()).toBigDecimal());
        } else {
          checks.set(column, row.getDecimal(at, type.precision(), type.scale()).toUnscaledLong());
        }
        break;
      default:
        checks.set(column, row.getLong(at));
    }
  }

  private static long micros(RowData row, int at) {
    TimestampData time = row.getTimestamp(at, MICROS);
    return time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000;
  }

  /** How many rows did not fulfil which check first. */
  Map<String, Long> failures() {
    return failures;
  }
}
