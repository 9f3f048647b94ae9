package ai.finks.flink.stream;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hands every message on, whatever its bytes are: decoding and refusing is the job's business. */
final class RawMessageReader implements KafkaRecordDeserializationSchema<RawMessage> {
  private static final long serialVersionUID = 1;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<RawMessage> out) {
    out.collect(
        new RawMessage(
            message.topic(),
            message.partition(),
            message.offset(),
            message.timestamp(),
            message.key(),
            message.value()));
  }

  @Override
  public TypeInformation<RawMessage> getProducedType() {
    return InChainType.of(RawMessage.class);
  }
}
