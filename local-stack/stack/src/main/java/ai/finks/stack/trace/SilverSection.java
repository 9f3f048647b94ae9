package ai.finks.stack.trace;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.raw.RawRecord;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** Rows of Silver in a trace that are shown with their raw records. */
final class SilverSection {
  private final Contract contract;
  private final boolean reveal;

  SilverSection(Contract contract, boolean reveal) {
    this.contract = contract;
    this.reveal = reveal;
  }

  /** Whether payloads of this entity are shown only to who asks for them by name. */
  boolean isPersonal() {
    return contract.fields().stream().anyMatch(Field::isPersonal);
  }

  /** One row, its coordinate, and the raw record it came from. */
  void putRow(ArrayNode to, Record row, @Nullable RawFinding finding) {
    Coordinate at = Coordinate.of(row);
    ObjectNode node = to.addObject();
    ObjectNode key = node.putObject("key");
    contract.key().forEach(field -> RowJson.put(key, field.name(), row.getField(field.name())));
    RowJson.putBusiness(node.putObject("row"), row);
    ObjectNode lineage = node.putObject("coordinate");
    lineage.put("topic", at.topic()).put("stream_id", at.streamId());
    lineage.put("partition", at.partition()).put("offset", at.offset());
    RowJson.put(lineage, "element", row.getField("_element"));
    for (String column : List.of("_source", "_run_id", "_batch_id", "_sequence", "_ingest_time")) {
      RowJson.put(lineage, column.substring(1), row.getField(column));
    }
    ObjectNode raw = node.putObject("raw");
    if (finding == null) {
      raw.putNull("from");
      raw.put("problem", "neither the stream nor Bronze has this record");
    } else {
      putRaw(raw, finding);
    }
  }

  private void putRaw(ObjectNode raw, RawFinding finding) {
    raw.put("from", finding.from());
    if (finding.object() != null) {
      raw.put("object", finding.object());
    }
    RawRecord record = finding.record();
    if (record == null) {
      raw.put("problem", "its bytes are no record");
      return;
    }
    raw.put("content_type", record.contentType()).put("bytes", record.payload().length);
    raw.put(
        "ingest_time", Instant.EPOCH.plus(record.ingestTimeMicros(), ChronoUnit.MICROS).toString());
    if (isPersonal() && !reveal) {
      raw.put("hidden", "may hold personal data; --reveal shows it and is recorded");
      return;
    }
    ObjectNode attributes = raw.putObject("attributes");
    new TreeMap<>(record.attributes()).forEach(attributes::put);
    raw.put("payload", new String(record.payload(), StandardCharsets.UTF_8));
  }
}
