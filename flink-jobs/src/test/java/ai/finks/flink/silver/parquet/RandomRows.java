package ai.finks.flink.silver.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Random rows over every type that is written by column, each column in a mood of its own:
 * constant, of few values, ascending, or wild with extremes; nulls never, sometimes or always.
 */
final class RandomRows {
  static final Schema SCHEMA = schema();

  private static final String[] LETTERS = {"A", "z", "7", "é", "€", "\uD83D\uDE00", "\uDBFF\uDFFF"};
  private static final int MAX_DAY = 2_932_896;

  private final Random random;
  private final List<RowData> rows = new ArrayList<>();
  private final List<Record> records = new ArrayList<>();

  RandomRows(long seed, int count) {
    random = new Random(seed);
    List<Mood> moods = new ArrayList<>();
    SCHEMA.columns().forEach(field -> moods.add(new Mood(field)));
    for (int i = 0; i < count; i++) {
      GenericRowData row = new GenericRowData(moods.size());
      Record record = GenericRecord.create(SCHEMA);
      for (int column = 0; column < moods.size(); column++) {
        Object value = moods.get(column).next();
        record.set(column, value);
        row.setField(column, flink(value));
      }
      rows.add(row);
      records.add(record);
    }
  }

  List<RowData> rows() {
    return rows;
  }

  /** The same rows as Iceberg's generic reader gives them. */
  List<Record> records() {
    return records;
  }

  private static Schema schema() {
    List<Type> types =
        List.of(
            Types.BooleanType.get(),
            Types.IntegerType.get(),
            Types.LongType.get(),
            Types.DateType.get(),
            Types.TimestampType.withZone(),
            Types.StringType.get(),
            Types.BinaryType.get(),
            DecimalType.of(9, 2),
            DecimalType.of(18, 6),
            DecimalType.of(38, 10),
            DecimalType.of(20, 0));
    List<NestedField> fields = new ArrayList<>();
    for (Type type : types) {
      int id = 10 * (fields.size() + 1);
      fields.add(NestedField.required(id, "required_" + id, type));
      fields.add(NestedField.optional(id + 1, "optional_" + id, type));
    }
    return new Schema(fields);
  }

  private static @Nullable Object flink(@Nullable Object value) {
    if (value instanceof String) {
      return StringData.fromString((String) value);
    } else if (value instanceof ByteBuffer) {
      return ((ByteBuffer) value).array();
    } else if (value instanceof LocalDate) {
      return (int) ((LocalDate) value).toEpochDay();
    } else if (value instanceof OffsetDateTime) {
      return TimestampData.fromInstant(((OffsetDateTime) value).toInstant());
    } else if (value instanceof BigDecimal) {
      BigDecimal decimal = (BigDecimal) value;
      return DecimalData.fromBigDecimal(decimal, decimal.precision(), decimal.scale());
    }
    return value;
  }

  /** How one column's values come about. */
  private final class Mood {
    private final NestedField field;
    private final int pool;
    private final double nulls;
    private final List<Object> known = new ArrayList<>();

    Mood(NestedField field) {
      this.field = field;
      this.pool = new int[] {1, 2, 3, 40, Integer.MAX_VALUE}[random.nextInt(5)];
      this.nulls = field.isRequired() ? 0 : new double[] {0, 0.001, 0.5, 1}[random.nextInt(4)];
    }

    @Nullable Object next() {
      if (random.nextDouble() < nulls) {
        return null;
      }
      if (known.size() >= pool) {
        return known.get(random.nextInt(known.size()));
      }
      Object value = fresh(field.type());
      if (pool < Integer.MAX_VALUE) {
        known.add(value);
      }
      return value;
    }
  }

  private Object fresh(Type type) {
    switch (type.typeId()) {
      case BOOLEAN:
        return random.nextBoolean();
      case INTEGER:
        return (int) number(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG:
        return number(Long.MIN_VALUE, Long.MAX_VALUE);
      case DATE:
        return LocalDate.ofEpochDay(number(-MAX_DAY, MAX_DAY));
      case TIMESTAMP:
        return OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)
            .plus(number(-60_000_000_000_000_000L, 250_000_000_000_000_000L), ChronoUnit.MICROS);
      case STRING:
        return text();
      case BINARY:
        return bytes();
      default:
        return decimal((DecimalType) type);
    }
  }

  private long number(long least, long greatest) {
    switch (random.nextInt(6)) {
      case 0:
        return least;
      case 1:
        return greatest;
      case 2:
        return random.nextInt(1000);
      default:
        return least == Long.MIN_VALUE
            ? random.nextLong()
            : least + Math.floorMod(random.nextLong(), greatest - least);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(random.nextInt(20) == 0 ? 400 : 24); left > 0; left--) {
      text.append(LETTERS[random.nextInt(4) == 0 ? 6 : random.nextInt(LETTERS.length)]);
    }
    return text.toString();
  }

  private ByteBuffer bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    if (random.nextInt(4) == 0) {
      java.util.Arrays.fill(bytes, (byte) -1);
    }
    return ByteBuffer.wrap(bytes);
  }

  private BigDecimal decimal(DecimalType type) {
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    BigInteger unscaled;
    switch (random.nextInt(4)) {
      case 0:
        unscaled = limit.subtract(BigInteger.ONE);
        break;
      case 1:
        unscaled = BigInteger.valueOf(random.nextInt(10_000));
        break;
      default:
        unscaled = new BigInteger(limit.bitLength(), random).mod(limit);
    }
    BigDecimal value = new BigDecimal(unscaled, type.scale());
    return random.nextBoolean() ? value.negate() : value;
  }
}
