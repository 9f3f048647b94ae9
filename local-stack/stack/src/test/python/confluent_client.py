"""Confluent's own Python client beside a live stack: what it writes Silver must read, and back.

    confluent_client.py send  BOOTSTRAP REGISTRY TOPIC SCHEMA_FILE   RawRecords given on stdin, as JSON lines
    confluent_client.py read  BOOTSTRAP REGISTRY TOPIC               every record, as JSON lines
"""

import json
import struct
import sys
from decimal import Decimal

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient, topic_subject_name_strategy
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

SECONDS = 60


def send(bootstrap: str, registry: SchemaRegistryClient, topic: str, schema_file: str) -> None:
    with open(schema_file, encoding="utf-8") as file:
        serialize = AvroSerializer(registry, file.read())
    context = SerializationContext(topic, MessageField.VALUE)
    failed = []
    producer = Producer({"bootstrap.servers": bootstrap})
    for line in sys.stdin:
        record = json.loads(line)
        record["payload"] = record["payload"].encode()
        producer.produce(
            topic,
            key=record["key"],
            value=serialize(record, context),
            on_delivery=lambda error, _: failed.append(error) if error else None,
        )
    if producer.flush(SECONDS) or failed:
        raise SystemExit(f"not delivered: {failed}")


def read(bootstrap: str, registry: SchemaRegistryClient, topic: str) -> None:
    deserialize = AvroDeserializer(registry)
    context = SerializationContext(topic, MessageField.VALUE)
    subject = topic_subject_name_strategy(context, None)
    known = {registry.get_version(subject, version).schema_id for version in registry.get_versions(subject)}
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "unused", "enable.auto.commit": False})
    partitions = [
        TopicPartition(topic, partition, 0)
        for partition in consumer.list_topics(topic, SECONDS).topics[topic].partitions
    ]
    left = {p.partition: consumer.get_watermark_offsets(p, SECONDS)[1] for p in partitions}
    consumer.assign(partitions)
    while any(consumer.position([p])[0].offset < left[p.partition] for p in partitions if left[p.partition]):
        message = consumer.poll(SECONDS)
        if message is None or message.error():
            raise SystemExit(f"nothing to read in {topic}: {message and message.error()}")
        (schema_id,) = struct.unpack(">I", message.value()[1:5])
        if schema_id not in known:
            raise SystemExit(f"schema {schema_id} is none of {subject}'s: {sorted(known)}")
        print(json.dumps(deserialize(message.value(), context), default=text))
    consumer.close()


def text(value: object) -> str:
    """Decimals are marked, so that a test sees that they came as such."""
    if isinstance(value, bytes):
        return value.decode()
    return f"decimal {value}" if isinstance(value, Decimal) else str(value)


def main() -> None:
    action, bootstrap, registry_url, *rest = sys.argv[1:]
    registry = SchemaRegistryClient({"url": registry_url})
    {"send": send, "read": read}[action](bootstrap, registry, *rest)


if __name__ == "__main__":
    main()
