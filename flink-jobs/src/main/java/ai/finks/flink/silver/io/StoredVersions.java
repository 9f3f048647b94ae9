package ai.finks.flink.silver.io;

import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.KnownVersions;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Reads the known versions of a partition's keys back from the silver and marks tables. */
public final class StoredVersions {
  private static final List<String> VERSION_COLUMNS =
      List.of("_source", "_version", "_batch_id", "_sequence", "_content_hash");

  private final SilverPlan plan;
  private final List<Column> keyColumns;

  public StoredVersions(SilverPlan plan) {
    this.plan = plan;
    List<String> key =
        plan.contract().key().stream().map(field -> field.name()).collect(Collectors.toList());
    this.keyColumns =
        plan.columns().stream()
            .filter(column -> key.contains(column.name()))
            .collect(Collectors.toList());
  }

  /**
   * All that is known before an offset: what came by the partition itself, and what came from its
   * source by other streams (a topic of the same name that was deleted since).
   */
  public KnownVersions load(
      StreamPartition partition, String source, long beforeOffset, Table silver, Table marks) {
    KnownVersions known = new KnownVersions();
    Expression rows = rows(partition, source, beforeOffset);
    loadSilver(silver, rows, known);
    loadMarks(marks, rows, known);
    return known;
  }

  private static Expression rows(StreamPartition partition, String source, long beforeOffset) {
    Expression own =
        Expressions.and(
            Expressions.equal("_stream_id", partition.streamId()),
            Expressions.equal("_partition", partition.partition()),
            Expressions.lessThan("_offset", beforeOffset));
    Expression earlierStreams =
        Expressions.and(
            Expressions.equal("_source", source),
            Expressions.notEqual("_stream_id", partition.streamId()));
    return Expressions.or(own, earlierStreams);
  }

  private void loadSilver(Table silver, Expression rows, KnownVersions known) {
    List<String> columns = new ArrayList<>(VERSION_COLUMNS);
    keyColumns.forEach(column -> columns.add(column.name()));
    SilverRow key = plan.newRow();
    try (CloseableIterable<Record> stored = read(silver, rows, columns)) {
      for (Record row : stored) {
        for (Column column : keyColumns) {
          set(key, column, row.getField(column.name()));
        }
        plan.fingerprint((String) row.getField("_source"), key);
        remember(known, row, key.keyHi(), key.keyLo());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void loadMarks(Table marks, Expression rows, KnownVersions known) {
    List<String> columns = new ArrayList<>(VERSION_COLUMNS);
    columns.add("key_high");
    columns.add("key_low");
    try (CloseableIterable<Record> stored = read(marks, rows, columns)) {
      for (Record row : stored) {
        remember(known, row, (Long) row.getField("key_high"), (Long) row.getField("key_low"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CloseableIterable<Record> read(
      Table table, Expression rows, List<String> columns) {
    return IcebergGenerics.read(table).where(rows).select(columns).build();
  }

  private static void remember(KnownVersions known, Record row, long keyHigh, long keyLow) {
    ByteBuffer hash = ((ByteBuffer) row.getField("_content_hash")).duplicate();
    known.judge(
        keyHigh,
        keyLow,
        (Long) row.getField("_version"),
        (String) row.getField("_batch_id"),
        (Long) row.getField("_sequence"),
        hash.getLong());
  }

  private static void set(SilverRow row, Column column, Object value) {
    if (value == null) {
      row.setNull(column.index());
      return;
    }
    switch (column.type().kind()) {
      case STRING:
        row.setText(column.index(), (String) value);
        break;
      case BOOLEAN:
        row.setNumber(column.index(), ((Boolean) value) ? 1 : 0);
        break;
      case DATE:
        row.setNumber(column.index(), ((LocalDate) value).toEpochDay());
        break;
      case TIMESTAMP:
        row.setNumber(column.index(), micros((OffsetDateTime) value));
        break;
      case DECIMAL:
        setDecimal(row, column, (BigDecimal) value);
        break;
      default:
        row.setNumber(column.index(), ((Number) value).longValue());
    }
  }

  private static void setDecimal(SilverRow row, Column column, BigDecimal value) {
    if (column.type().isWide()) {
      row.setWide(column.index(), value);
    } else {
      row.setNumber(column.index(), value.unscaledValue().longValueExact());
    }
  }

  private static long micros(OffsetDateTime time) {
    return Objects.requireNonNull(time).toEpochSecond() * 1_000_000L + time.getNano() / 1000;
  }
}
