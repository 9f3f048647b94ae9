package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * The records of a quarantine table, as they came. What is looked for is found by coordinates
 * first, about 200 bytes each; payloads are read for some coordinates at a time.
 */
final class RefusedRecords {
  private static final List<String> PLACE =
      List.of("_topic", "_stream_id", "_partition", "_offset", "_source", "reasons");

  private final Table quarantine;
  private final String entity;

  RefusedRecords(Table quarantine, String entity) {
    this.quarantine = quarantine;
    this.entity = entity;
  }

  /** The matching records in the order of their streams, each with whether it has an envelope. */
  SortedMap<RecordCoordinate, Boolean> find(RefusedFilter filter) {
    SortedMap<RecordCoordinate, Boolean> found = new TreeMap<>();
    read(
        filter.expression(),
        PLACE,
        (coordinate, row) -> {
          if (filter.matches(row)) {
            found.put(coordinate, row.getField("_source") != null);
          }
        });
    return found;
  }

  /**
   * Reads records whole.
   *
   * @param coordinates of one stream partition, in ascending order, all with an envelope
   */
  void load(List<RecordCoordinate> coordinates, BiConsumer<RecordCoordinate, RefusedRecord> each) {
    Expression range =
        RefusedFilter.range(coordinates.get(0), coordinates.get(coordinates.size() - 1));
    Map<RecordCoordinate, RefusedRecord> records = new HashMap<>();
    Set<RecordCoordinate> wanted = Set.copyOf(coordinates);
    read(
        range,
        null,
        (coordinate, row) -> {
          if (wanted.contains(coordinate) && row.getField("_source") != null) {
            records
                .computeIfAbsent(coordinate, absent -> new RefusedRecord(record(row)))
                .addRefused(row);
          }
        });
    coordinates.forEach(
        coordinate -> {
          RefusedRecord record = records.get(coordinate);
          if (record != null) {
            each.accept(coordinate, record);
          }
        });
  }

  private void read(
      Expression rows, @Nullable List<String> columns, BiConsumer<RecordCoordinate, Record> each) {
    IcebergGenerics.ScanBuilder scan = IcebergGenerics.read(quarantine).where(rows);
    if (columns != null) {
      scan = scan.select(columns);
    }
    try (CloseableIterable<Record> stored = scan.build()) {
      for (Record row : stored) {
        each.accept(
            new RecordCoordinate(
                (String) row.getField("_topic"),
                (String) row.getField("_stream_id"),
                (Integer) row.getField("_partition"),
                (Long) row.getField("_offset")),
            row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + quarantine.name(), e);
    }
  }

  private RawRecord record(Record row) {
    ByteBuffer payload = ((ByteBuffer) row.getField("payload")).duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    String envelopeEntity = (String) row.getField("_entity");
    OffsetDateTime ingested = (OffsetDateTime) row.getField("_ingest_time");
    Map<String, String> attributes = new HashMap<>();
    Map<?, ?> stored = (Map<?, ?>) row.getField("attributes");
    if (stored != null) {
      stored.forEach((name, value) -> attributes.put(name.toString(), value.toString()));
    }
    return RawRecord.builder()
        .source((String) row.getField("_source"))
        .entity(envelopeEntity == null ? entity : envelopeEntity)
        .runId((String) row.getField("_run_id"))
        .batchId((String) row.getField("_batch_id"))
        .sequence((Long) row.getField("_sequence"))
        .ingestTimeMicros(ingested.toEpochSecond() * 1_000_000L + ingested.getNano() / 1000)
        .key((String) row.getField("key"))
        .contentType((String) row.getField("content_type"))
        .payload(bytes)
        .attributes(attributes)
        .correlationId((String) row.getField("correlation_id"))
        .build();
  }
}
