package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.table.StreamPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * What was done about an entity's refused records, in {@code accounting.redrives}. Only ever
 * appended to: an intention before a record is sent, a settlement when its outcome is committed. An
 * intention without settlement is one that was interrupted.
 */
final class RedriveLog {
  private static final String INTENDED = "intended";
  private static final String SETTLED = "settled";

  private final Table table;
  private final RedriveOrder order;
  private final int contractVersion;
  private final Clock clock;
  private final Map<RecordCoordinate, Outcome> outcomes = new TreeMap<>();
  private final Map<RecordCoordinate, Intention> open = new TreeMap<>();

  /** Where a record was about to be sent to, from which offset on it may lie there. */
  static final class Intention {
    final StreamPartition target;
    final long from;
    final boolean leavesNoRow;

    Intention(StreamPartition target, long from, boolean leavesNoRow) {
      this.target = target;
      this.from = from;
      this.leavesNoRow = leavesNoRow;
    }
  }

  /** What became of a record the last time, by which contract, and when that was written down. */
  static final class Outcome {
    final String label;
    final int contractVersion;
    final Instant at;

    Outcome(String label, int contractVersion, Instant at) {
      this.label = label;
      this.contractVersion = contractVersion;
      this.at = at;
    }

    private Outcome orLater(Outcome other) {
      return other.at.isBefore(at) ? this : other;
    }
  }

  /** Where a record lies now and what became of it. */
  static final class Settlement {
    final RecordCoordinate refused;
    final RecordCoordinate sent;
    final RedriveState outcome;
    final long rows;
    final List<Record> reasons;

    Settlement(
        RecordCoordinate refused,
        RecordCoordinate sent,
        RedriveState outcome,
        long rows,
        List<Record> reasons) {
      this.refused = refused;
      this.sent = sent;
      this.outcome = outcome;
      this.rows = rows;
      this.reasons = reasons;
    }
  }

  RedriveLog(Table table, RedriveOrder order, int contractVersion, Clock clock) {
    this.table = table;
    this.order = order;
    this.contractVersion = contractVersion;
    this.clock = clock;
    read();
  }

  private void read() {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).where(Expressions.equal("entity", order.entity())).build()) {
      for (Record row : rows) {
        RecordCoordinate refused =
            new RecordCoordinate(
                (String) row.getField("_topic"),
                (String) row.getField("_stream_id"),
                (Integer) row.getField("_partition"),
                (Long) row.getField("_offset"));
        if (SETTLED.equals(row.getField("event"))) {
          outcomes.merge(
              refused,
              new Outcome(
                  (String) row.getField("outcome"),
                  (Integer) row.getField("contract_version"),
                  ((OffsetDateTime) row.getField("recorded_at")).toInstant()),
              Outcome::orLater);
        } else {
          remember(refused, intention(refused, row));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + table.name(), e);
    }
    open.keySet().removeAll(outcomes.keySet());
  }

  private static Intention intention(RecordCoordinate refused, Record row) {
    return new Intention(
        StreamPartition.of(
            refused.topic(),
            (String) row.getField("sent_stream_id"),
            (Integer) row.getField("sent_partition")),
        (Long) row.getField("sent_offset"),
        RedriveState.FILTERED.label().equals(row.getField("outcome")));
  }

  /** Of several intentions the one that looks farthest back. */
  private void remember(RecordCoordinate refused, Intention intention) {
    open.merge(
        refused,
        intention,
        (one, other) -> one.target.equals(other.target) && one.from < other.from ? one : other);
  }

  /** What was settled before, by the coordinate that the record was refused at. */
  Map<RecordCoordinate, Outcome> outcomes() {
    return Collections.unmodifiableMap(outcomes);
  }

  /** What was interrupted. */
  Map<RecordCoordinate, Intention> open() {
    return Collections.unmodifiableMap(open);
  }

  /** Writes down what is about to be sent; durable when it returns. */
  void intend(Map<RecordCoordinate, Intention> intentions) {
    List<Record> rows = new ArrayList<>();
    intentions.forEach(
        (refused, intention) -> {
          RecordCoordinate sent =
              new RecordCoordinate(
                  refused.topic(),
                  intention.target.streamId(),
                  intention.target.partition(),
                  intention.from);
          Record row = row(INTENDED, refused, sent);
          if (intention.leavesNoRow) {
            row.setField("outcome", RedriveState.FILTERED.label());
          }
          rows.add(row);
          remember(refused, intention);
        });
    append(rows);
  }

  void settle(List<Settlement> settlements) {
    List<Record> rows = new ArrayList<>();
    for (Settlement settlement : settlements) {
      Record row = row(SETTLED, settlement.refused, settlement.sent);
      row.setField("outcome", settlement.outcome.label());
      row.setField("silver_rows", settlement.rows);
      row.setField("reasons", reasons(settlement.reasons));
      rows.add(row);
      outcomes.put(
          settlement.refused,
          new Outcome(settlement.outcome.label(), contractVersion, clock.instant()));
      open.remove(settlement.refused);
    }
    append(rows);
  }

  /** The same reasons in this table's own structure. */
  private List<Record> reasons(List<Record> of) {
    Types.StructType struct =
        table.schema().findType("reasons").asListType().elementType().asStructType();
    List<Record> copies = new ArrayList<>();
    for (Record reason : of) {
      Record copy = GenericRecord.create(struct);
      struct.fields().forEach(f -> copy.setField(f.name(), reason.getField(f.name())));
      copies.add(copy);
    }
    return copies;
  }

  private Record row(String event, RecordCoordinate refused, RecordCoordinate sent) {
    Record row = GenericRecord.create(table.schema());
    row.setField("entity", order.entity());
    row.setField("redrive_id", order.redriveId());
    row.setField("event", event);
    row.setField("_topic", refused.topic());
    row.setField("_stream_id", refused.streamId());
    row.setField("_partition", refused.partition());
    row.setField("_offset", refused.offset());
    row.setField("sent_stream_id", sent.streamId());
    row.setField("sent_partition", sent.partition());
    row.setField("sent_offset", sent.offset());
    row.setField("reasons", List.of());
    row.setField("contract_version", contractVersion);
    row.setField("code_version", order.codeVersion());
    row.setField("requested_by", order.requestedBy());
    row.setField(
        "recorded_at",
        OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS));
    return row;
  }

  private void append(List<Record> rows) {
    if (rows.isEmpty()) {
      return;
    }
    PartitionData partition = new PartitionData(table.spec().partitionType());
    partition.set(0, order.entity());
    String name = order.redriveId() + "-" + UUID.randomUUID() + ".parquet";
    OutputFile file =
        table
            .io()
            .newOutputFile(table.locationProvider().newDataLocation(table.spec(), partition, name));
    try (DataWriter<Record> writer =
        Parquet.writeData(file)
            .forTable(table)
            .withPartition(partition)
            .createWriterFunc(GenericParquetWriter::create)
            .build()) {
      rows.forEach(writer::write);
      writer.close();
      table.newAppend().appendFile(writer.toDataFile()).commit();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + table.name(), e);
    }
  }
}
