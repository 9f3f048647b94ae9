package ai.finks.flink.silver.hash;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.util.DateTimeUtil;

/**
 * One form for equal rows: the source, then each field that is not null as id, kind, length and
 * value. Numbers of any type with equal value have one form. Not thread-safe.
 */
final class CanonicalRow {
  private static final byte TEXT = 1;
  private static final byte NUMBER = 2;
  private static final int HEAD_BYTES = 9;

  private final MessageDigest sha256;
  private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.BIG_ENDIAN);

  CanonicalRow() {
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  /** SHA-256 of the source and the row's values of some columns. */
  byte[] hash(String source, List<Column> columns, Record row) {
    put(0, TEXT, source);
    for (Column column : columns) {
      Object value = row.getField(column.name());
      if (value != null) {
        put(column.id(), value);
      }
    }
    return sha256.digest();
  }

  private void put(int id, Object value) {
    if (value instanceof String) {
      put(id, TEXT, (String) value);
    } else if (value instanceof Boolean) {
      put(id, NUMBER, ((Boolean) value) ? "1" : "0");
    } else if (value instanceof Integer || value instanceof Long) {
      put(id, NUMBER, Long.toString(((Number) value).longValue()));
    } else if (value instanceof BigDecimal) {
      put(id, NUMBER, plain((BigDecimal) value));
    } else if (value instanceof LocalDate) {
      put(id, NUMBER, Long.toString(((LocalDate) value).toEpochDay()));
    } else if (value instanceof OffsetDateTime) {
      OffsetDateTime time = (OffsetDateTime) value;
      put(id, NUMBER, Long.toString(DateTimeUtil.microsFromTimestamptz(time)));
    } else {
      throw new IllegalArgumentException(
          "Field " + id + " has a " + value.getClass().getSimpleName() + ", which has no form");
    }
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private void put(int id, byte kind, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    head.clear();
    head.putInt(id).put(kind).putInt(utf8.length);
    sha256.update(head.array());
    sha256.update(utf8);
  }

  /** A column that is hashed. */
  static final class Column {
    private final int id;
    private final String name;

    Column(int id, String name) {
      this.id = id;
      this.name = name;
    }

    int id() {
      return id;
    }

    String name() {
      return name;
    }
  }
}
