package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.silver.parquet.DirectRow;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.contract.Period;
import ai.finks.schemas.value.Utf8Text;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * A silver row with its coordinates, read as a row of the table: the contract's columns, lineage,
 * the period's levels, the mark of superseded rows, which only a seal sets, in the table's order. A
 * view, bound anew for each row; nothing is copied.
 */
public final class SilverRowData implements DirectRow {
  private static final int SOURCE = 0;
  private static final int RUN_ID = 1;
  private static final int BATCH_ID = 2;
  private static final int SEQUENCE = 3;
  private static final int INGEST_TIME = 4;
  private static final int VERSION = 5;
  private static final int STREAM_ID = 6;
  private static final int TOPIC = 7;
  private static final int PARTITION = 8;
  private static final int OFFSET = 9;
  private static final int ELEMENT = 10;
  private static final int CONTENT_HASH = 11;
  private static final int WARNINGS = 12;
  private static final int YEAR = 13;
  private static final int MONTH = 14;

  private final FieldType[] types;
  private final int contractColumns;
  private final int superseded;
  private final CachedText[] lineage = new CachedText[16];
  private @Nullable SilverRow row;
  private @Nullable StreamPartition partition;
  private long offset;
  private int element;
  private Object steadyValues = new Object();
  private @Nullable String lastBatch;
  private @Nullable String lastRun;
  private @Nullable String lastSource;
  private @Nullable StreamPartition lastPartition;
  private @Nullable String lastDay;
  private @Nullable String lastMonth;
  private @Nullable String lastYear;
  private @Nullable String lastWarnings;
  private int lastElement;

  public SilverRowData(List<Column> columns, Period period) {
    this.types = columns.stream().map(Column::type).toArray(FieldType[]::new);
    this.contractColumns = types.length;
    this.superseded = contractColumns + YEAR + period.levels();
    for (int i = 0; i < lineage.length; i++) {
      lineage[i] = new CachedText();
    }
  }

  /** Shows this row from now on. */
  public SilverRowData bind(
      SilverRow newRow, StreamPartition newPartition, long newOffset, int newElement) {
    row = newRow;
    partition = newPartition;
    offset = newOffset;
    element = newElement;
    if (!isSteady(newRow)) {
      steadyValues = new Object();
      rememberSteady(newRow);
    }
    return this;
  }

  /** Values that stay are the very same objects: they come from batches, partitions and tables. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isSteady(SilverRow next) {
    return next.batchId() == lastBatch
        && next.runId() == lastRun
        && next.source() == lastSource
        && partition == lastPartition
        && next.day() == lastDay
        && next.month() == lastMonth
        && next.year() == lastYear
        && next.warnings() == lastWarnings
        && element == lastElement;
  }

  private void rememberSteady(SilverRow seen) {
    lastBatch = seen.batchId();
    lastRun = seen.runId();
    lastSource = seen.source();
    lastPartition = partition;
    lastDay = seen.day();
    lastMonth = seen.month();
    lastYear = seen.year();
    lastWarnings = seen.warnings();
    lastElement = element;
  }

  @Override
  public boolean isSteady(int column) {
    switch (column - contractColumns) {
      case SEQUENCE:
      case INGEST_TIME:
      case VERSION:
      case OFFSET:
      case CONTENT_HASH:
        return false;
      default:
        return column >= contractColumns;
    }
  }

  @Override
  public Object steadyValues() {
    return steadyValues;
  }

  @Override
  public long high(int column) {
    return hashed(column).hashHi();
  }

  @Override
  public long low(int column) {
    return hashed(column).hashLo();
  }

  private SilverRow hashed(int column) {
    if (column - contractColumns != CONTENT_HASH) {
      throw notOfType(column, "16 bytes");
    }
    return row();
  }

  public SilverRow row() {
    return Objects.requireNonNull(row, "no row is bound");
  }

  public StreamPartition partition() {
    return Objects.requireNonNull(partition, "no row is bound");
  }

  public long offset() {
    return offset;
  }

  public int element() {
    return element;
  }

  @Override
  public int getArity() {
    return superseded + 1;
  }

  @Override
  public RowKind getRowKind() {
    return RowKind.INSERT;
  }

  @Override
  public void setRowKind(RowKind kind) {
    if (kind != RowKind.INSERT) {
      throw new UnsupportedOperationException("Silver is only appended to, not " + kind);
    }
  }

  @Override
  public boolean isNullAt(int column) {
    if (column < contractColumns) {
      return row().isNull(column);
    }
    return column == superseded
        || (column - contractColumns == WARNINGS && row().warnings() == null);
  }

  @Override
  public boolean getBoolean(int column) {
    return row().number(column) != 0;
  }

  @Override
  public int getInt(int column) {
    if (column < contractColumns) {
      return (int) row().number(column);
    }
    switch (column - contractColumns) {
      case PARTITION:
        return partition().partition();
      case ELEMENT:
        return element;
      default:
        throw notOfType(column, "int");
    }
  }

  @Override
  public long getLong(int column) {
    if (column < contractColumns) {
      return row().number(column);
    }
    switch (column - contractColumns) {
      case SEQUENCE:
        return row().sequence();
      case VERSION:
        return row().version();
      case OFFSET:
        return offset;
      default:
        throw notOfType(column, "long");
    }
  }

  @Override
  public long number(int column) {
    if (column < contractColumns) {
      return row().number(column);
    }
    switch (column - contractColumns) {
      case SEQUENCE:
        return row().sequence();
      case INGEST_TIME:
        return row().ingestTimeMicros();
      case VERSION:
        return row().version();
      case PARTITION:
        return partition().partition();
      case OFFSET:
        return offset;
      case ELEMENT:
        return element;
      default:
        throw notOfType(column, "number");
    }
  }

  @Override
  public StringData getString(int column) {
    return StringData.fromBytes(text(column).bytes());
  }

  @Override
  public Utf8Text text(int column) {
    if (column < contractColumns) {
      return Objects.requireNonNull(row().utf8(column), "a null has no text");
    }
    int lineageColumn = column - contractColumns;
    return lineage[lineageColumn].of(lineageText(lineageColumn));
  }

  private String lineageText(int lineageColumn) {
    switch (lineageColumn) {
      case SOURCE:
        return row().source();
      case RUN_ID:
        return row().runId();
      case BATCH_ID:
        return row().batchId();
      case STREAM_ID:
        return partition().streamId();
      case TOPIC:
        return partition().topic();
      case WARNINGS:
        return Objects.requireNonNull(row().warnings());
      case YEAR:
        return row().year();
      case MONTH:
        return row().month();
      default:
        return row().day();
    }
  }

  @Override
  public DecimalData getDecimal(int column, int precision, int scale) {
    if (types[column].isWide()) {
      BigDecimal wide = Objects.requireNonNull(row().wide(column));
      return DecimalData.fromBigDecimal(wide, precision, scale);
    }
    return DecimalData.fromUnscaledLong(row().number(column), precision, scale);
  }

  @Override
  public TimestampData getTimestamp(int column, int precision) {
    if (column < contractColumns) {
      return timestamp(row().number(column));
    }
    if (column - contractColumns != INGEST_TIME) {
      throw notOfType(column, "timestamp");
    }
    return timestamp(row().ingestTimeMicros());
  }

  static TimestampData timestamp(long micros) {
    return TimestampData.fromEpochMillis(
        Math.floorDiv(micros, 1000L), (int) Math.floorMod(micros, 1000L) * 1000);
  }

  @Override
  public byte[] getBinary(int column) {
    if (column - contractColumns != CONTENT_HASH) {
      throw notOfType(column, "binary");
    }
    return hash(row());
  }

  static byte[] hash(SilverRow row) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(row.hashHi()).putLong(row.hashLo()).array();
  }

  @Override
  public byte getByte(int column) {
    throw notOfType(column, "byte");
  }

  @Override
  public short getShort(int column) {
    throw notOfType(column, "short");
  }

  @Override
  public float getFloat(int column) {
    throw notOfType(column, "float");
  }

  @Override
  public double getDouble(int column) {
    throw notOfType(column, "double");
  }

  @Override
  public <T> RawValueData<T> getRawValue(int column) {
    throw notOfType(column, "raw");
  }

  @Override
  public ArrayData getArray(int column) {
    throw notOfType(column, "array");
  }

  @Override
  public MapData getMap(int column) {
    throw notOfType(column, "map");
  }

  @Override
  public RowData getRow(int column, int numFields) {
    throw notOfType(column, "row");
  }

  private static IllegalArgumentException notOfType(int column, String type) {
    return new IllegalArgumentException("Column " + column + " is not of type " + type);
  }

  /** Lineage repeats from row to row: its bytes are made once. */
  private static final class CachedText {
    private String text = "";
    private Utf8Text utf8 = Utf8Text.of("");

    Utf8Text of(String newText) {
      if (!newText.equals(text)) {
        text = newText;
        utf8 = Utf8Text.of(newText);
      }
      return utf8;
    }
  }
}
