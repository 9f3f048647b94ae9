package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.RowIdentity;
import ai.finks.flink.silver.core.SipHash;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Tells versions of rows apart by what they say, wherever in a stream they came from: source and
 * key, the order of the version, the content as it is stored. Coordinates do not count, nor does
 * the stored hash of the content, which rows that were written by an older hash function have too.
 *
 * <p>Rows are compared in the form of one schema. The key of the hash is made for one comparison
 * and kept nowhere, so nobody can make rows that pass for each other. Used by one thread.
 */
final class VersionFingerprint {
  private static final List<String> VERSION =
      List.of("_version", "_batch_id", "_sequence", "_warnings");
  private static final int MICROS = 6;
  private static final byte ABSENT = 0;
  private static final byte PRESENT = 1;

  private final List<Column> keyColumns;
  private final List<Column> otherColumns;
  private final SipHash hash;
  private byte[] bytes = new byte[512];
  private int length;

  /** Puts one value behind the others. */
  @FunctionalInterface
  private interface Writer {
    void write(RowData row);
  }

  /** A column that may be null. */
  private static final class Column {
    final int position;
    final Writer writer;

    Column(int position, Writer writer) {
      this.position = position;
      this.writer = writer;
    }
  }

  /**
   * @param schema of the rows, with {@link #columns}
   * @param key of one comparison
   */
  VersionFingerprint(Schema schema, Contract contract, byte[] key) {
    List<String> ofKey = new ArrayList<>(List.of("_source"));
    ofKey.addAll(stored(contract.key()));
    List<String> others = new ArrayList<>(stored(contract.fields()));
    others.removeAll(ofKey);
    others.addAll(VERSION);
    this.keyColumns = columns(schema, ofKey);
    this.otherColumns = columns(schema, others);
    this.hash = SipHash.of(key);
  }

  /** A key that nobody knows. */
  static byte[] newKey() {
    byte[] key = new byte[SipHash.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /** The columns that rows must have. */
  static List<String> columns(Contract contract) {
    List<String> names = new ArrayList<>(List.of("_source"));
    names.addAll(stored(contract.fields()));
    names.addAll(VERSION);
    return names;
  }

  private static List<String> stored(List<Field> fields) {
    return fields.stream().filter(Field::isStored).map(Field::name).collect(Collectors.toList());
  }

  private List<Column> columns(Schema schema, List<String> names) {
    return names.stream()
        .map(name -> column(schema, name))
        .collect(Collectors.toUnmodifiableList());
  }

  private Column column(Schema schema, String name) {
    int at = RowTimes.position(schema, name);
    if (at < 0) {
      throw new IllegalArgumentException("The table has no column '" + name + "' of the contract");
    }
    return new Column(at, writer(schema.columns().get(at).type(), at));
  }

  /** The identity of a row. */
  RowIdentity of(RowData row) {
    length = 0;
    keyColumns.forEach(column -> put(row, column));
    hash.hash(bytes, length);
    long keyHigh = hash.high();
    long keyLow = hash.low();
    otherColumns.forEach(column -> put(row, column));
    hash.hash(bytes, length);
    return new RowIdentity(keyHigh, keyLow, hash.high(), hash.low());
  }

  private void put(RowData row, Column column) {
    if (row.isNullAt(column.position)) {
      put(ABSENT);
    } else {
      put(PRESENT);
      column.writer.write(row);
    }
  }

  private Writer writer(Type type, int at) {
    switch (type.typeId()) {
      case BOOLEAN:
        return row -> put((byte) (row.getBoolean(at) ? 1 : 0));
      case INTEGER:
      case DATE:
        return row -> put(row.getInt(at));
      case LONG:
        return row -> put(row.getLong(at));
      case TIMESTAMP:
        return row -> put(micros(row.getTimestamp(at, MICROS)));
      case DECIMAL:
        Types.DecimalType decimal = (Types.DecimalType) type;
        // A file from before the column was widened gives the value in another form.
        return DecimalData.isCompact(decimal.precision())
            ? row -> put(decimal(row, at, decimal).toUnscaledLong())
            : row -> put(decimal(row, at, decimal).toUnscaledBytes());
      case STRING:
        return row -> put(row.getString(at).toBytes());
      case BINARY:
      case FIXED:
        return row -> put(row.getBinary(at));
      default:
        throw new IllegalArgumentException("Rows of " + type + " cannot be told apart");
    }
  }

  private static long micros(TimestampData time) {
    return time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000;
  }

  private static DecimalData decimal(RowData row, int at, Types.DecimalType type) {
    return row.getDecimal(at, type.precision(), type.scale());
  }

  private void put(byte value) {
    reserve(1);
    bytes[length++] = value;
  }

  private void put(long value) {
    reserve(Long.BYTES);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  private void put(byte[] value) {
    put(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
