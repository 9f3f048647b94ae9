package ai.finks.stack.infer;

import ai.finks.stack.infer.FieldSketch.Kind;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A contract and a binding as texts, drafted from a sample. */
public final class ContractDraft {
  private static final Pattern PERSONAL =
      Pattern.compile(
          "(^|.*_)(email|e_mail|phone|mobile|iban|ssn|passport|address|first_name|last_name"
              + "|full_name|client_name|customer_name|account|account_number|account_no|birthday"
              + "|birth_date)$");
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*|(/[A-Za-z0-9_.-]+)+");

  private final String source;
  private final String entity;
  private final Sample sample;
  private final List<FieldSketch> key;
  private final FieldSketch eventTime;
  private final String zone;

  /**
   * A draft.
   *
   * @param binding {@code source.entity}
   * @param key the names of the fields that say which thing a record is about
   * @param eventTime the name of the date or timestamp that a row's partition follows from
   * @param zone the zone in which an instant falls into a day
   * @throws IllegalArgumentException when the sample does not have such fields
   */
  public ContractDraft(
      String binding, Sample sample, List<String> key, String eventTime, String zone) {
    this.source = binding.substring(0, binding.indexOf('.'));
    this.entity = binding.substring(binding.indexOf('.') + 1);
    this.sample = sample;
    this.key = key.stream().map(name -> required(name, "key")).toList();
    this.eventTime = required(eventTime, "event time");
    this.zone = zone;
    if (this.eventTime.kind() != Kind.DATE && this.eventTime.kind() != Kind.TIMESTAMP) {
      throw new IllegalArgumentException(
          "the event time '" + eventTime + "' is neither a date nor a timestamp");
    }
    if (rawKey().isEmpty()) {
      throw new IllegalArgumentException(
          "the key needs a text field, which records of one key share a partition by; "
              + String.join(" and ", key)
              + " are none: add one, such as the symbol");
    }
  }

  private FieldSketch required(String name, String role) {
    FieldSketch field =
        sample.fields().stream()
            .filter(sketch -> sketch.name().equals(name) && sketch.kind() != Kind.UNCLEAR)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no field '"
                            + name
                            + "' for the "
                            + role
                            + "; there are: "
                            + sample.fields().stream()
                                .map(FieldSketch::name)
                                .collect(Collectors.joining(", "))));
    if (!field.required()) {
      throw new IllegalArgumentException(
          "the " + role + " field '" + name + "' is not in every record of the sample");
    }
    return field;
  }

  /** What the key could be: a unique field, best one that is called an id; empty if none is. */
  public static List<String> likelyKey(Sample sample) {
    List<FieldSketch> candidates =
        sample.fields().stream()
            .filter(FieldSketch::unique)
            .filter(field -> field.kind() == Kind.STRING || field.kind() == Kind.LONG)
            .toList();
    List<String> named =
        candidates.stream()
            .map(FieldSketch::name)
            .filter(name -> name.matches("(.*_)?(id|no|number|ref|reference|uuid)"))
            .toList();
    List<String> found = new ArrayList<>();
    if (!named.isEmpty()) {
      found.add(named.get(0));
    } else if (!candidates.isEmpty()) {
      found.add(candidates.get(0).name());
    }
    boolean text =
        candidates.stream()
            .anyMatch(field -> found.contains(field.name()) && field.kind() == Kind.STRING);
    if (!found.isEmpty() && !text) {
      // A number cannot choose the partition; a text that always is there can.
      sample.fields().stream()
          .filter(field -> field.required() && field.kind() == Kind.STRING)
          .filter(field -> field.name().matches("(.*_)?(symbol|ticker|isin|instrument|product).*"))
          .findFirst()
          .ifPresent(field -> found.add(0, field.name()));
    }
    return found;
  }

  /** What the event time could be: the first timestamp, else the first date; empty if none. */
  public static String likelyEventTime(Sample sample) {
    for (Kind kind : List.of(Kind.TIMESTAMP, Kind.DATE)) {
      for (FieldSketch field : sample.fields()) {
        if (field.kind() == kind && field.required()) {
          return field.name();
        }
      }
    }
    return "";
  }

  /** The contract, {@code avro/<entity>.avsc}. */
  public String contract() {
    String keyNames =
        key.stream().map(field -> text(field.name())).collect(Collectors.joining(", "));
    StringBuilder out = new StringBuilder();
    out.append("{\n  \"type\": \"record\",\n  \"name\": ").append(text(recordName()));
    out.append(",\n  \"namespace\": \"ai.finks.silver\",\n  \"doc\": ");
    out.append(text("One of " + entity + ". Grain: source, " + grain() + "."));
    out.append(",\n  \"finks\": {\n    \"entity\": ").append(text(entity));
    out.append(",\n    \"version\": 1,\n    \"key\": [").append(keyNames);
    out.append("],\n    \"event-time\": ").append(text(eventTime.name()));
    out.append(",\n    \"zone\": ").append(text(zone));
    out.append(",\n    \"period\": ");
    out.append(eventTime.kind() == Kind.DATE ? "\"month\"" : "\"day\"");
    out.append(",\n    \"dedupe-window\": \"all\",\n    \"drift\": \"evolve\",\n");
    out.append("    \"checks\": []\n  },\n  \"fields\": [\n");
    List<String> fields = new ArrayList<>();
    for (FieldSketch field : bound()) {
      fields.add(field(field, fields.size() + 1));
    }
    return out.append(String.join(",\n", fields)).append("\n  ]\n}\n").toString();
  }

  private String field(FieldSketch field, int id) {
    String type = type(field.kind());
    boolean needed = field.required() && (key.contains(field) || field.equals(eventTime));
    return "    {\"name\": "
        + text(field.name())
        + ", \"finks.id\": "
        + id
        + (needed
            ? ", \"type\": " + type
            : ", \"type\": [\"null\", " + type + "], \"default\": null")
        + (isPersonal(field) ? ", \"confluent:tags\": [\"PII\"], \"finks.pii\": \"tokenise\"" : "")
        + ",\n     \"doc\": "
        + text(field.place() + " of " + source + ".")
        + "}";
  }

  /** Fields that look personal are hidden until somebody says otherwise. */
  public boolean isPersonal(FieldSketch field) {
    return field.kind() == Kind.STRING && PERSONAL.matcher(field.name()).matches();
  }

  private static String type(Kind kind) {
    switch (kind) {
      case BOOLEAN:
        return "\"boolean\"";
      case LONG:
        return "\"long\"";
      case DECIMAL:
        return decimal(18, 6);
      case WIDE_DECIMAL:
        return decimal(38, 18);
      case DATE:
        return "{\"type\": \"int\", \"logicalType\": \"date\"}";
      case TIMESTAMP:
        return "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}";
      default:
        return "\"string\"";
    }
  }

  private static String decimal(int precision, int scale) {
    return "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": "
        + precision
        + ", \"scale\": "
        + scale
        + "}";
  }

  private List<FieldSketch> bound() {
    return sample.fields().stream().filter(field -> field.kind() != Kind.UNCLEAR).toList();
  }

  /** The binding, {@code sources/<source>.<entity>.yaml}. */
  public String binding() {
    StringBuilder out = new StringBuilder();
    out.append("# Drafted from a sample; look at each line.\nsource: ").append(source);
    out.append("\nentity: ").append(entity);
    out.append("\nformat: ").append(sample.isCsv() ? "csv" : "json").append('\n');
    out.append("stream: {partitions: 4, retention: 7d}\n");
    out.append("raw-key: ").append(places(rawKey())).append('\n');
    if (sample.isCsv()) {
      out.append("null-tokens: [\"\"]\ntrim: true\n");
    }
    List<FieldSketch> unclear =
        sample.fields().stream().filter(field -> field.kind() == Kind.UNCLEAR).toList();
    if (!unclear.isEmpty()) {
      out.append(
          "# Always empty, lists, or values of several kinds: bind them or leave them out.\n");
      out.append("ignore: ").append(places(unclear)).append('\n');
    }
    out.append("fields:\n");
    for (FieldSketch field : bound()) {
      out.append("  ").append(field.name()).append(": {");
      out.append(sample.isCsv() ? "column: " : "pointer: ").append(quoted(field.place()));
      if (!field.reading().isEmpty()) {
        out.append(", ").append(field.reading());
      }
      out.append("}\n");
    }
    return out.toString();
  }

  private List<FieldSketch> rawKey() {
    return key.stream().filter(field -> field.kind() == Kind.STRING).toList();
  }

  private static String places(List<FieldSketch> fields) {
    return fields.stream()
        .map(field -> quoted(field.place()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String place) {
    boolean word =
        Set.of("true", "false", "null", "yes", "no").contains(place.toLowerCase(Locale.ROOT));
    return PLAIN.matcher(place).matches() && !word ? place : text(place);
  }

  private String recordName() {
    StringBuilder name = new StringBuilder();
    for (String word : entity.split("_")) {
      if (!word.isEmpty()) {
        name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return name.toString();
  }

  private String grain() {
    return key.stream().map(FieldSketch::name).collect(Collectors.joining(", "));
  }

  private static String text(String value) {
    return JsonNodeFactory.instance.textNode(value).toString();
  }
}
