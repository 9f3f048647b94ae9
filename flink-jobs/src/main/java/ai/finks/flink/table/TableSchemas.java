package ai.finks.flink.table;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.BinaryType;
import org.apache.iceberg.types.Types.BooleanType;
import org.apache.iceberg.types.Types.IntegerType;
import org.apache.iceberg.types.Types.LongType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.StringType;
import org.apache.iceberg.types.Types.TimestampType;

/** The columns of every table that the jobs write. Times are UTC microseconds. */
public final class TableSchemas {
  /** Field ids of a contract lie below this one, those of the lineage columns from here on. */
  static final int FIRST_LINEAGE_ID = 1001;

  /**
   * Whether a newer version of the row's key is known, where a period was sealed; see {@code
   * ai.finks.flink.seal}. Null in rows as they are landed.
   */
  public static final String SUPERSEDED = "_superseded";

  /** Apart from the lineage columns' ids, which follow each other. */
  private static final int SUPERSEDED_ID = 1021;

  /** Apart from the other columns' ids, which follow from the number of counts. */
  private static final int DRIFTED_ID = 101;

  private static final int COMMITTED_AT_ID = 111;

  /** Counts of {@code accounting.partitions}, in the order of its columns. */
  public static final List<String> ACCOUNTING_COUNTS =
      List.of(
          "read",
          "exploded",
          "silver",
          "quarantine",
          "duplicates",
          "filtered",
          "duplicates_exact",
          "duplicates_superseded",
          "warned");

  private TableSchemas() {}

  /**
   * The contract's fields, then lineage, version and content hash, then the period's levels, then
   * the mark of superseded rows.
   */
  public static Schema silver(List<NestedField> contractFields, List<String> periodLevels) {
    List<NestedField> fields = new ArrayList<>(contractFields);
    Ids ids = new Ids(FIRST_LINEAGE_ID);
    fields.add(required(ids.next(), "_source", StringType.get()));
    fields.add(required(ids.next(), "_run_id", StringType.get()));
    fields.add(required(ids.next(), "_batch_id", StringType.get()));
    fields.add(required(ids.next(), "_sequence", LongType.get()));
    fields.add(required(ids.next(), "_ingest_time", TimestampType.withZone()));
    fields.add(required(ids.next(), "_version", LongType.get()));
    fields.add(required(ids.next(), "_stream_id", StringType.get()));
    fields.add(required(ids.next(), "_topic", StringType.get()));
    fields.add(required(ids.next(), "_partition", IntegerType.get()));
    fields.add(required(ids.next(), "_offset", LongType.get()));
    fields.add(required(ids.next(), "_element", IntegerType.get()));
    fields.add(required(ids.next(), "_content_hash", BinaryType.get()));
    fields.add(optional(ids.next(), "_warnings", StringType.get()));
    for (String level : periodLevels) {
      fields.add(required(ids.next(), level, StringType.get()));
    }
    fields.add(superseded());
    return new Schema(fields);
  }

  static NestedField superseded() {
    return optional(SUPERSEDED_ID, SUPERSEDED, BooleanType.get());
  }

  /** Refused records: envelope, coordinates, payload as received, and why. */
  static Schema quarantine() {
    Ids ids = new Ids(1);
    return new Schema(
        optional(ids.next(), "_source", StringType.get()),
        optional(ids.next(), "_run_id", StringType.get()),
        optional(ids.next(), "_batch_id", StringType.get()),
        optional(ids.next(), "_sequence", LongType.get()),
        optional(ids.next(), "_ingest_time", TimestampType.withZone()),
        required(ids.next(), "_stream_id", StringType.get()),
        required(ids.next(), "_topic", StringType.get()),
        required(ids.next(), "_partition", IntegerType.get()),
        required(ids.next(), "_offset", LongType.get()),
        required(ids.next(), "_element", IntegerType.get()),
        optional(ids.next(), "key", StringType.get()),
        optional(ids.next(), "content_type", StringType.get()),
        required(ids.next(), "payload", BinaryType.get()),
        optional(
            ids.next(),
            "attributes",
            Types.MapType.ofRequired(ids.next(), ids.next(), StringType.get(), StringType.get())),
        optional(ids.next(), "correlation_id", StringType.get()),
        required(ids.next(), "reason", StringType.get()),
        required(ids.next(), "reasons", reasons(ids)),
        required(ids.next(), "contract_version", IntegerType.get()),
        required(ids.next(), "code_version", StringType.get()),
        required(ids.next(), "quarantined_at", TimestampType.withZone()),
        required(ids.next(), "year", StringType.get()),
        required(ids.next(), "month", StringType.get()),
        required(ids.next(), "day", StringType.get()),
        optional(ids.next(), "_entity", StringType.get()));
  }

  /**
   * What became of refused records that were sent again: one row before a record is sent ({@code
   * intended}), one when its outcome is committed ({@code settled}). Nothing is ever rewritten.
   */
  static Schema redrives() {
    Ids ids = new Ids(1);
    return new Schema(
        required(ids.next(), "entity", StringType.get()),
        required(ids.next(), "redrive_id", StringType.get()),
        required(ids.next(), "event", StringType.get()),
        required(ids.next(), "_topic", StringType.get()),
        required(ids.next(), "_stream_id", StringType.get()),
        required(ids.next(), "_partition", IntegerType.get()),
        required(ids.next(), "_offset", LongType.get()),
        required(ids.next(), "sent_stream_id", StringType.get()),
        required(ids.next(), "sent_partition", IntegerType.get()),
        required(ids.next(), "sent_offset", LongType.get()),
        optional(ids.next(), "outcome", StringType.get()),
        optional(ids.next(), "silver_rows", LongType.get()),
        required(ids.next(), "reasons", reasons(ids)),
        required(ids.next(), "contract_version", IntegerType.get()),
        required(ids.next(), "code_version", StringType.get()),
        required(ids.next(), "requested_by", StringType.get()),
        required(ids.next(), "recorded_at", TimestampType.withZone()));
  }

  private static Types.ListType reasons(Ids ids) {
    return Types.ListType.ofRequired(
        ids.next(),
        Types.StructType.of(
            required(ids.next(), "code", StringType.get()),
            optional(ids.next(), "field", StringType.get()),
            optional(ids.next(), "shape", StringType.get()),
            optional(ids.next(), "check", StringType.get())));
  }

  /**
   * Version marks: a record equal to its key's known row but newer lands here instead of in Silver,
   * so that a start from the tables knows the key's version as well as the running job did. The key
   * is the fingerprint of (source, stored key values).
   */
  static Schema marks() {
    Ids ids = new Ids(1);
    return new Schema(
        required(ids.next(), "_source", StringType.get()),
        required(ids.next(), "_batch_id", StringType.get()),
        required(ids.next(), "_sequence", LongType.get()),
        required(ids.next(), "_version", LongType.get()),
        required(ids.next(), "_stream_id", StringType.get()),
        required(ids.next(), "_topic", StringType.get()),
        required(ids.next(), "_partition", IntegerType.get()),
        required(ids.next(), "_offset", LongType.get()),
        required(ids.next(), "_element", IntegerType.get()),
        required(ids.next(), "_content_hash", BinaryType.get()),
        required(ids.next(), "key_high", LongType.get()),
        required(ids.next(), "key_low", LongType.get()));
  }

  /**
   * One row per stream partition, range and kind of records: read + exploded = silver + quarantine
   * + duplicates + filtered. Where the source drifted: how many records, and by field.
   */
  static Schema accounting() {
    Ids ids = new Ids(1);
    List<NestedField> fields = new ArrayList<>();
    fields.add(required(ids.next(), "entity", StringType.get()));
    fields.add(required(ids.next(), "source", StringType.get()));
    fields.add(required(ids.next(), "stream_id", StringType.get()));
    fields.add(required(ids.next(), "topic", StringType.get()));
    fields.add(required(ids.next(), "partition", IntegerType.get()));
    fields.add(required(ids.next(), "range_start", LongType.get()));
    fields.add(required(ids.next(), "range_end", LongType.get()));
    fields.add(required(ids.next(), "kind", StringType.get()));
    for (String count : ACCOUNTING_COUNTS) {
      fields.add(required(ids.next(), count, LongType.get()));
    }
    fields.add(required(ids.next(), "checkpoint_id", LongType.get()));
    fields.add(required(ids.next(), "writer_id", StringType.get()));
    fields.add(optional(DRIFTED_ID, "drifted", LongType.get()));
    fields.add(optional(DRIFTED_ID + 1, "drift", drift()));
    fields.add(optional(COMMITTED_AT_ID, "committed_at", TimestampType.withZone()));
    return new Schema(fields);
  }

  /** In how many records which field was not as its binding knows it. */
  private static Types.ListType drift() {
    Ids ids = new Ids(DRIFTED_ID + 2);
    return Types.ListType.ofRequired(
        ids.next(),
        Types.StructType.of(
            required(ids.next(), "kind", StringType.get()),
            required(ids.next(), "field", StringType.get()),
            required(ids.next(), "records", LongType.get())));
  }

  /** The ledger of Bronze: one row per object. */
  static Schema bronzeFiles() {
    Ids ids = new Ids(1);
    return new Schema(
        required(ids.next(), "path", StringType.get()),
        required(ids.next(), "source", StringType.get()),
        required(ids.next(), "run_id", StringType.get()),
        required(ids.next(), "topic", StringType.get()),
        required(ids.next(), "stream_id", StringType.get()),
        required(ids.next(), "partition", IntegerType.get()),
        required(ids.next(), "first_offset", LongType.get()),
        required(ids.next(), "last_offset", LongType.get()),
        required(ids.next(), "range_start", LongType.get()),
        required(ids.next(), "range_end", LongType.get()),
        required(ids.next(), "records", LongType.get()),
        required(ids.next(), "bytes", LongType.get()),
        required(ids.next(), "sha256", StringType.get()),
        required(ids.next(), "committed_at", TimestampType.withZone()));
  }

  static PartitionSpec identity(Schema schema, List<String> columns) {
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
    columns.forEach(spec::identity);
    return spec.build();
  }

  private static final class Ids {
    private int next;

    Ids(int first) {
      next = first;
    }

    int next() {
      return next++;
    }
  }
}
