package ai.finks.interop;

import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecords;
import com.amazonaws.services.schemaregistry.deserializers.GlueSchemaRegistryKafkaDeserializer;
import com.amazonaws.services.schemaregistry.serializers.GlueSchemaRegistryKafkaSerializer;
import com.amazonaws.services.schemaregistry.utils.AWSSchemaRegistryConstants.COMPRESSION;
import java.nio.ByteBuffer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** AWS's own serializer and deserializer for Kafka, which know nothing of Finks. */
final class AwsSerde implements AutoCloseable {
  private final GlueSchemaRegistryKafkaSerializer serializer =
      new GlueSchemaRegistryKafkaSerializer();
  private final GlueSchemaRegistryKafkaDeserializer deserializer =
      new GlueSchemaRegistryKafkaDeserializer();

  AwsSerde(GlueAccount account, COMPRESSION compression) {
    serializer.configure(account.serde(compression), false);
    deserializer.configure(account.serde(compression), false);
  }

  byte[] write(String topic, RawRecord record) {
    return serializer.serialize(topic, avro(record));
  }

  /** The record as any Avro library has it. */
  static GenericRecord avro(RawRecord record) {
    GenericRecord avro = new GenericData.Record(RawRecords.SCHEMA);
    avro.put("source", record.source());
    avro.put("entity", record.entity());
    avro.put("run_id", record.runId());
    avro.put("batch_id", record.batchId());
    avro.put("sequence", record.sequence());
    avro.put("ingest_time", record.ingestTimeMicros());
    avro.put("key", record.key());
    avro.put("content_type", record.contentType());
    avro.put("payload", ByteBuffer.wrap(record.payload()));
    avro.put("attributes", record.attributes());
    avro.put("correlation_id", record.correlationId());
    return avro;
  }

  GenericRecord read(String topic, byte[] value) {
    return (GenericRecord) deserializer.deserialize(topic, value);
  }

  @Override
  public void close() {
    serializer.close();
    deserializer.close();
  }
}
