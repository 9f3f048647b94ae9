package ai.finks.flink.silver.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.value.Utf8Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Schema;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

class DirectColumnsTest {
  private static final int FIRST_STEADY = 3;
  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "price", Types.LongType.get()),
          NestedField.optional(2, "symbol", Types.StringType.get()),
          NestedField.required(3, "hash", Types.BinaryType.get()),
          NestedField.required(4, "run", Types.StringType.get()),
          NestedField.optional(5, "warnings", Types.StringType.get()),
          NestedField.optional(6, "element", Types.IntegerType.get()),
          NestedField.optional(7, "superseded", Types.BooleanType.get()));

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void rowsTakenDirectlyMakeTheSameFileAsAnyOthers(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3 * ColumnarFile.PAGE_ROWS) int count,
      @ForAll @IntRange(min = 1, max = 3000) int stay)
      throws IOException {
    List<RowData> rows = rows(new Random(seed), count, stay);

    byte[] direct = write(rows, true);

    assertThat(direct).isEqualTo(write(rows, false));
  }

  /** Rows whose steady columns stay the same for a while; they may also come back. */
  private static List<RowData> rows(Random random, int count, int stay) {
    List<RowData> rows = new ArrayList<>();
    Object[] steady = steady(random);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(stay) == 0) {
        steady = steady(random);
      }
      byte[] hash = new byte[16];
      random.nextBytes(hash);
      rows.add(
          GenericRowData.of(
              random.nextLong(),
              random.nextInt(50) == 0 ? null : StringData.fromString("S" + random.nextInt(300)),
              hash,
              steady[0],
              steady[1],
              steady[2],
              steady[3]));
    }
    return rows;
  }

  private static Object[] steady(Random random) {
    return new Object[] {
      StringData.fromString("run-" + random.nextInt(random.nextBoolean() ? 3 : 1_000_000)),
      random.nextBoolean() ? null : StringData.fromString("w" + random.nextInt(2)),
      random.nextInt(4) == 0 ? null : (Object) random.nextInt(3),
      random.nextInt(3) == 0 ? (Object) random.nextBoolean() : null
    };
  }

  private static byte[] write(List<RowData> rows, boolean direct) throws IOException {
    InMemoryOutputFile file = new InMemoryOutputFile();
    Map<String, String> properties = Map.of("write.parquet.compression-codec", "uncompressed");
    try (ColumnarFormat format =
        ColumnarFormat.of(SCHEMA, properties, MetricsConfig.getDefault())) {
      ColumnarFile open = format.open(file);
      View view = new View();
      for (RowData row : rows) {
        open.add(direct ? view.of(row) : row);
      }
      open.close();
    }
    return file.toByteArray();
  }

  /** Shows any row directly. */
  private static final class View implements DirectRow {
    private RowData row = new GenericRowData(0);
    private List<Object> lastSteady = List.of();
    private Object token = new Object();

    View of(RowData next) {
      row = next;
      GenericRowData generic = (GenericRowData) next;
      Object[] values = new Object[generic.getArity() - FIRST_STEADY];
      for (int i = 0; i < values.length; i++) {
        values[i] = generic.getField(FIRST_STEADY + i);
      }
      if (!Arrays.asList(values).equals(lastSteady)) {
        lastSteady = Arrays.asList(values);
        token = new Object();
      }
      return this;
    }

    @Override
    public long number(int column) {
      return column == 0 ? row.getLong(column) : row.getInt(column);
    }

    @Override
    public Utf8Text text(int column) {
      return Utf8Text.of(row.getString(column).toBytes());
    }

    @Override
    public boolean isSteady(int column) {
      return column >= FIRST_STEADY;
    }

    @Override
    public Object steadyValues() {
      return token;
    }

    @Override
    public long high(int column) {
      return ByteBuffer.wrap(row.getBinary(column)).getLong(0);
    }

    @Override
    public long low(int column) {
      return ByteBuffer.wrap(row.getBinary(column)).getLong(Long.BYTES);
    }

    @Override
    public boolean isNullAt(int column) {
      return row.isNullAt(column);
    }

    @Override
    public boolean getBoolean(int column) {
      return row.getBoolean(column);
    }

    @Override
    public int getArity() {
      return row.getArity();
    }

    @Override
    public RowKind getRowKind() {
      return row.getRowKind();
    }

    @Override
    public void setRowKind(RowKind kind) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte getByte(int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public short getShort(int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getInt(int column) {
      return row.getInt(column);
    }

    @Override
    public long getLong(int column) {
      return row.getLong(column);
    }

    @Override
    public float getFloat(int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public double getDouble(int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StringData getString(int column) {
      return row.getString(column);
    }

    @Override
    public DecimalData getDecimal(int column, int precision, int scale) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TimestampData getTimestamp(int column, int precision) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> RawValueData<T> getRawValue(int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] getBinary(int column) {
      return row.getBinary(column);
    }

    @Override
    public ArrayData getArray(int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MapData getMap(int column) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RowData getRow(int column, int fields) {
      throw new UnsupportedOperationException();
    }
  }
}
