package ai.finks.flink.silver.redrive;

import ai.finks.flink.silver.core.RecordCoordinate;
import ai.finks.flink.silver.core.RefusalReason;
import java.time.Instant;
import java.util.List;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/** Which refused records are meant; what is not said matches everything. Immutable. */
public final class RefusedFilter {

  private final Expression expression;
  private final @Nullable RefusalReason reason;

  private RefusedFilter(Expression expression, @Nullable RefusalReason reason) {
    this.expression = expression;
    this.reason = reason;
  }

  public static RefusedFilter all() {
    return new RefusedFilter(Expressions.alwaysTrue(), null);
  }

  public RefusedFilter source(String source) {
    return and(Expressions.equal("_source", source));
  }

  public RefusedFilter run(String runId) {
    return and(Expressions.equal("_run_id", runId));
  }

  /** Records that have this among their reasons. */
  public RefusedFilter reason(RefusalReason code) {
    return new RefusedFilter(expression, code);
  }

  /** Ingested then or later. */
  public RefusedFilter since(Instant from) {
    return and(Expressions.greaterThanOrEqual("_ingest_time", micros(from)));
  }

  /** Ingested before. */
  public RefusedFilter until(Instant to) {
    return and(Expressions.lessThan("_ingest_time", micros(to)));
  }

  /** The records at a place, of any stream that the topic ever was. */
  public RefusedFilter at(String topic, int partition, long offset) {
    return and(
        Expressions.and(
            Expressions.equal("_topic", topic),
            Expressions.equal("_partition", partition),
            Expressions.equal("_offset", offset)));
  }

  private RefusedFilter and(Expression more) {
    return new RefusedFilter(Expressions.and(expression, more), reason);
  }

  Expression expression() {
    return expression;
  }

  /** What the expression cannot say. */
  boolean matches(Record row) {
    RefusalReason wanted = reason;
    if (wanted == null) {
      return true;
    }
    for (Object each : (List<?>) row.getField("reasons")) {
      if (wanted.name().equals(((Record) each).getField("code"))) {
        return true;
      }
    }
    return false;
  }

  /** The records of one partition from one coordinate's offset to another's, both included. */
  static Expression range(RecordCoordinate first, RecordCoordinate last) {
    return range(first.streamId(), first.partition(), first.offset(), last.offset());
  }

  static Expression range(String streamId, int partition, long first, long last) {
    return Expressions.and(
        Expressions.equal("_stream_id", streamId),
        Expressions.equal("_partition", partition),
        Expressions.greaterThanOrEqual("_offset", first),
        Expressions.lessThanOrEqual("_offset", last));
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1000;
  }
}
