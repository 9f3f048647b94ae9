package ai.finks.flink.bronze.core;

import ai.finks.schemas.raw.RawRecord;
import org.jspecify.annotations.Nullable;

/** The members of a line while they are being read. */
final class EnvelopeFields {
  @Nullable String topic;
  @Nullable String streamId;
  int partition = -1;
  long offset = -1;
  long timestampMillis;
  int schemaId;
  byte @Nullable [] kafkaKey;
  @Nullable String undecodable;
  byte @Nullable [] value;
  final RawRecord.Builder record = RawRecord.builder();

  static String required(@Nullable String value, String member) {
    if (value == null) {
      throw new IllegalArgumentException("A line of Bronze lacks its member " + member);
    }
    return value;
  }
}
