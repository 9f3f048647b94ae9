package ai.finks.flink.silver.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.Topics;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.wire.WireFormats;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Kept rows for the typed topic {@code <entity>.v1}: Avro behind the registry's wire header, keyed
 * by the stored key values, with coordinates and version in the headers. Several key values are
 * joined by {@code |}; a {@code |} or {@code \} within one of them has a {@code \} before it.
 * Consumers drop per key what is not newer than what they have.
 */
public final class TypedRecords implements KafkaRecordSerializationSchema<Refinement> {
  private static final long serialVersionUID = 1;
  private static final Header FIRST_ELEMENT = elementHeader(0);

  private final String topic;
  private final EntitySchemas schemas;
  private final URI registryUrl;

  private transient List<Column> columns;
  private transient List<Column> keyColumns;
  private transient AvroBytes bytes;
  private transient StringBuilder key;
  private transient byte[] header;
  private transient @Nullable StreamPartition lastPartition;
  private transient @Nullable String lastSource;
  private transient Header sourceHeader;
  private transient Header topicHeader;
  private transient Header streamHeader;
  private transient Header partitionHeader;

  @SuppressWarnings("NullAway.Init") // Flink calls open() before anything else.
  public TypedRecords(EntitySchemas schemas, URI registryUrl) {
    this.topic = Topics.typed(schemas.contract().entity());
    this.schemas = schemas;
    this.registryUrl = registryUrl;
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    Contract contract = schemas.contract();
    columns = Column.of(contract);
    Set<String> keyNames = contract.key().stream().map(Field::name).collect(Collectors.toSet());
    keyColumns =
        columns.stream().filter(c -> keyNames.contains(c.name())).collect(Collectors.toList());
    header = WireFormats.open(registryUrl).header(topic, TypedSchema.of(contract).toString());
    bytes = new AvroBytes();
    key = new StringBuilder();
  }

  /** Null, which the sink skips, for everything but silver rows. */
  @Override
  public @Nullable ProducerRecord<byte[], byte[]> serialize(
      Refinement element, KafkaSinkContext context, Long timestamp) {
    if (element.table() != PipelineTable.SILVER) {
      return null;
    }
    SilverRowData row = (SilverRowData) element.row();
    return new ProducerRecord<>(topic, null, null, key(row.row()), value(row.row()), headers(row));
  }

  private byte[] key(SilverRow row) {
    if (keyColumns.size() == 1 && keyColumns.get(0).type().isText()) {
      return Objects.requireNonNull(row.utf8(keyColumns.get(0).index())).bytes();
    }
    key.setLength(0);
    for (int i = 0; i < keyColumns.size(); i++) {
      appendPart(key, keyPart(row, keyColumns.get(i)), i, keyColumns.size());
    }
    return key.toString().getBytes(UTF_8);
  }

  static String key(List<String> parts) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      appendPart(key, parts.get(i), i, parts.size());
    }
    return key.toString();
  }

  /** No two keys become one: compaction would take the older of their rows for outdated. */
  private static void appendPart(StringBuilder key, String part, int index, int parts) {
    if (index > 0) {
      key.append('|');
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (parts > 1 && (c == '|' || c == '\\')) {
        key.append('\\');
      }
      key.append(c);
    }
  }

  private static String keyPart(SilverRow row, Column column) {
    return column.type().isText()
        ? Objects.requireNonNull(row.text(column.index()))
        : Long.toString(row.number(column.index()));
  }

  private byte[] value(SilverRow row) {
    bytes.clear();
    bytes.raw(header);
    for (Column column : columns) {
      encode(row, column);
    }
    return bytes.copy();
  }

  private void encode(SilverRow row, Column column) {
    int index = column.index();
    if (!column.required()) {
      bytes.number(row.isNull(index) ? 0 : 1);
      if (row.isNull(index)) {
        return;
      }
    }
    switch (column.type().kind()) {
      case STRING:
        bytes.bytes(Objects.requireNonNull(row.utf8(index)).bytes());
        break;
      case BOOLEAN:
        bytes.bool(row.number(index) != 0);
        break;
      case INT:
      case DATE:
      case LONG:
      case TIMESTAMP:
        bytes.number(row.number(index));
        break;
      case DECIMAL:
        if (column.type().isWide()) {
          bytes.bytes(unscaled(row, column).toByteArray());
        } else {
          bytes.decimal(row.number(index));
        }
        break;
    }
  }

  private static BigInteger unscaled(SilverRow row, Column column) {
    BigDecimal wide = Objects.requireNonNull(row.wide(column.index()));
    return wide.setScale(column.type().scale()).unscaledValue();
  }

  private RecordHeaders headers(SilverRowData row) {
    if (row.partition() != lastPartition) {
      lastPartition = row.partition();
      topicHeader = new RecordHeader("finks.topic", lastPartition.topic().getBytes(UTF_8));
      streamHeader = new RecordHeader("finks.stream-id", lastPartition.streamId().getBytes(UTF_8));
      partitionHeader = new RecordHeader("finks.partition", text(lastPartition.partition()));
    }
    if (!row.row().source().equals(lastSource)) {
      lastSource = row.row().source();
      sourceHeader = new RecordHeader("finks.source", lastSource.getBytes(UTF_8));
    }
    RecordHeaders headers = new RecordHeaders();
    headers.add(sourceHeader);
    headers.add("finks.version", text(row.row().version()));
    headers.add(topicHeader);
    headers.add(streamHeader);
    headers.add(partitionHeader);
    headers.add("finks.offset", text(row.offset()));
    headers.add(row.element() == 0 ? FIRST_ELEMENT : elementHeader(row.element()));
    return headers;
  }

  private static Header elementHeader(int element) {
    return new RecordHeader("finks.element", text(element));
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(ISO_8859_1);
  }
}
