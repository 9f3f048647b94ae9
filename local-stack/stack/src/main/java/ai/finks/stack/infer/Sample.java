package ai.finks.stack.infer;

import ai.finks.adapters.core.ContentKind;
import ai.finks.adapters.core.CsvSplitter;
import ai.finks.adapters.core.JsonArraySplitter;
import ai.finks.adapters.core.LineSplitter;
import ai.finks.adapters.core.RecordSplitter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The first records of a file (CSV with a header row, NDJSON, a JSON array), taken apart. */
public final class Sample {
  private static final int MAX_RECORDS = 1_000;
  private static final int MAX_RECORD_BYTES = 1 << 20;
  private static final int HEAD_BYTES = 8 << 10;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final @Nullable String header;
  private final List<String> records;
  private final List<FieldSketch> fields;

  private Sample(@Nullable String header, List<String> records, List<FieldSketch> fields) {
    this.header = header;
    this.records = List.copyOf(records);
    this.fields = List.copyOf(fields);
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read or is none of the three; the message says what it is
   */
  public static Sample read(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(HEAD_BYTES);
      ContentKind kind = ContentKind.of(in.readNBytes(HEAD_BYTES));
      in.reset();
      switch (kind) {
        case JSON_ARRAY:
          return json(new JsonArraySplitter(in, MAX_RECORD_BYTES));
        case JSON_LINES:
          return json(new LineSplitter(in, MAX_RECORD_BYTES));
        case TEXT:
          return csv(new CsvSplitter(in, MAX_RECORD_BYTES));
        default:
          throw new IOException(
              file + " " + kind.description() + "; a sample is CSV, NDJSON or a JSON array");
      }
    }
  }

  private static Sample json(RecordSplitter splitter) throws IOException {
    List<String> records = new ArrayList<>();
    Fields fields = new Fields();
    while (records.size() < MAX_RECORDS && splitter.next()) {
      // Line ends lie between tokens only: inside a JSON text they are escaped.
      String text = text(splitter).replace('\n', ' ').replace('\r', ' ');
      JsonNode record;
      try {
        record = JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new IOException(
            "record " + splitter.sequence() + " is not JSON: " + e.getOriginalMessage(), e);
      }
      if (!record.isObject()) {
        throw new IOException("record " + splitter.sequence() + " is not an object");
      }
      records.add(text);
      addMembers(fields, "", record);
    }
    return new Sample(null, records, fields.sketches(records.size()));
  }

  private static void addMembers(Fields fields, String path, JsonNode object) {
    for (Iterator<Map.Entry<String, JsonNode>> members = object.fields(); members.hasNext(); ) {
      Map.Entry<String, JsonNode> member = members.next();
      String place = path + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
      JsonNode value = member.getValue();
      if (value.isObject()) {
        addMembers(fields, place, value);
      } else if (value.isArray()) {
        fields.of(place).addList();
      } else if (!value.isNull()) {
        fields.of(place).add(value.asText(), value.isNumber(), value.isBoolean());
      } else {
        fields.of(place);
      }
    }
  }

  private static Sample csv(RecordSplitter splitter) throws IOException {
    if (!splitter.next()) {
      throw new IOException("the file has no header row");
    }
    String header = text(splitter);
    List<String> columns = CsvCells.of(header);
    List<String> records = new ArrayList<>();
    Fields fields = new Fields();
    columns.forEach(fields::of);
    while (records.size() < MAX_RECORDS && splitter.next()) {
      String record = text(splitter);
      List<String> cells = CsvCells.of(record);
      if (cells.size() != columns.size()) {
        throw new IOException(
            String.format(
                "record %d has %d cells and the header row %d: cells are separated by commas, and"
                    + " one with a comma inside is quoted",
                splitter.sequence(), cells.size(), columns.size()));
      }
      records.add(record);
      for (int i = 0; i < cells.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          fields.of(columns.get(i)).add(cells.get(i), false, false);
        }
      }
    }
    return new Sample(header, records, fields.sketches(records.size()));
  }

  private static String text(RecordSplitter splitter) throws IOException {
    if (splitter.oversize()) {
      throw new IOException("record " + splitter.sequence() + " is larger than 1 MiB");
    }
    return new String(splitter.payload(), StandardCharsets.UTF_8);
  }

  /** Whether it is CSV, else JSON. */
  public boolean isCsv() {
    return header != null;
  }

  /** The records' texts, one line each unless a CSV cell has several. */
  public List<String> records() {
    return records;
  }

  /** What the records have, in the order in which it was met. */
  public List<FieldSketch> fields() {
    return fields;
  }

  /** The first records as the file of a fixture. */
  public String fixture(int count) {
    StringBuilder text = new StringBuilder();
    if (header != null) {
      text.append(header.strip()).append('\n');
    }
    records.stream()
        .filter(record -> !record.strip().contains("\n"))
        .limit(count)
        .forEach(record -> text.append(record.strip()).append('\n'));
    return text.toString();
  }
}
