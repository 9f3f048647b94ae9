package ai.finks.flink.silver.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.finks.flink.silver.core.Column;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.schemas.Topics;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.wire.WireFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
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

  private final String topic;
  private final EntitySchemas schemas;
  private final URI registryUrl;

  private transient List<Column> columns;
  private transient List<Column> keyColumns;
  private transient ByteArrayOutputStream bytes;
  private transient byte[] header;
  private transient @Nullable BinaryEncoder encoder;

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
    Set<String> key = contract.key().stream().map(Field::name).collect(Collectors.toSet());
    keyColumns = columns.stream().filter(c -> key.contains(c.name())).collect(Collectors.toList());
    header = WireFormats.open(registryUrl).header(topic, TypedSchema.of(contract).toString());
    bytes = new ByteArrayOutputStream();
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
    return key(keyColumns.stream().map(column -> keyPart(row, column)).collect(Collectors.toList()))
        .getBytes(UTF_8);
  }

  /** No two keys become one: compaction would take the older of their rows for outdated. */
  static String key(List<String> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    return parts.stream()
        .map(part -> part.replace("\\", "\\\\").replace("|", "\\|"))
        .collect(Collectors.joining("|"));
  }

  private static String keyPart(SilverRow row, Column column) {
    return column.type().isText()
        ? Objects.requireNonNull(row.text(column.index()))
        : Long.toString(row.number(column.index()));
  }

  private byte[] value(SilverRow row) {
    bytes.reset();
    bytes.writeBytes(header);
    BinaryEncoder reused = EncoderFactory.get().directBinaryEncoder(bytes, encoder);
    encoder = reused;
    try {
      for (Column column : columns) {
        encode(row, column, reused);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void encode(SilverRow row, Column column, BinaryEncoder out) throws IOException {
    int index = column.index();
    if (!column.required()) {
      out.writeIndex(row.isNull(index) ? 0 : 1);
      if (row.isNull(index)) {
        return;
      }
    }
    switch (column.type().kind()) {
      case STRING:
        byte[] utf8 = Objects.requireNonNull(row.utf8(index)).bytes();
        out.writeLong(utf8.length);
        out.writeFixed(utf8);
        break;
      case BOOLEAN:
        out.writeBoolean(row.number(index) != 0);
        break;
      case INT:
      case DATE:
        out.writeInt((int) row.number(index));
        break;
      case LONG:
      case TIMESTAMP:
        out.writeLong(row.number(index));
        break;
      case DECIMAL:
        out.writeBytes(unscaled(row, column).toByteArray());
        break;
    }
  }

  private static BigInteger unscaled(SilverRow row, Column column) {
    if (!column.type().isWide()) {
      return BigInteger.valueOf(row.number(column.index()));
    }
    BigDecimal wide = Objects.requireNonNull(row.wide(column.index()));
    return wide.setScale(column.type().scale()).unscaledValue();
  }

  private static RecordHeaders headers(SilverRowData row) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("finks.source", row.row().source().getBytes(UTF_8));
    headers.add("finks.version", text(row.row().version()));
    headers.add("finks.topic", row.partition().topic().getBytes(UTF_8));
    headers.add("finks.stream-id", row.partition().streamId().getBytes(UTF_8));
    headers.add("finks.partition", text(row.partition().partition()));
    headers.add("finks.offset", text(row.offset()));
    headers.add("finks.element", text(row.element()));
    return headers;
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }
}
