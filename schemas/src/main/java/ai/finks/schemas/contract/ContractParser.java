package ai.finks.schemas.contract;

import ai.finks.schemas.document.Documents;
import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Reads a contract from an Avro schema, strictly, with the line of everything that is wrong. */
final class ContractParser {

  private static final Pattern ENTITY = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Set<String> PARTITION_COLUMNS = Set.of("year", "month", "day");

  private final String file;
  private final String text;
  private final Problems problems;
  private Map<String, Field> fields = Map.of();

  private ContractParser(String file, String text, Problems problems) {
    this.file = file;
    this.text = text;
    this.problems = problems;
  }

  static @Nullable Contract parse(String file, String text, Problems problems) {
    return new ContractParser(file, text, problems).contract();
  }

  private @Nullable Contract contract() {
    int before = problems.count();
    Node root = Documents.json(file, text, problems);
    if (root == null) {
      return null;
    }
    Section record = new Section(root, problems);
    if (!record.requireText("type").equals("record")) {
      problems.add(record.at("type"), "a contract must be a record");
    }
    record.requireText("name");
    record.text("namespace");
    record.texts("aliases");
    Contract.Builder contract = new Contract.Builder();
    contract.file = file;
    contract.doc = record.requireText("doc");
    fields = fields(record.require("fields"));
    contract.fields = fields;
    Node properties = record.require("finks");
    record.finish();
    if (properties == null) {
      return null;
    }
    contract.lines = new LinkedHashMap<>(root.keyLines());
    contract.lines.putAll(properties.keyLines());
    properties(new Section(properties, problems), contract);
    if (problems.count() > before) {
      return null;
    }
    contract.avroSchema = avroSchema(root);
    return problems.count() > before ? null : new Contract(contract);
  }

  /** What Avro itself finds wrong comes last: it names no line, and mostly we said it better. */
  private String avroSchema(Node root) {
    try {
      return new Schema.Parser().parse(text).toString();
    } catch (AvroRuntimeException e) {
      problems.add(root, "not an Avro schema: " + e.getMessage());
      return "";
    }
  }

  private Map<String, Field> fields(@Nullable Node list) {
    Map<String, Field> found = new LinkedHashMap<>();
    Set<Integer> ids = new HashSet<>();
    if (list == null) {
      return found;
    }
    if (!list.isList() || list.items().isEmpty()) {
      problems.add(list, "'fields' must be a list of at least one field");
    }
    FieldParser parser = new FieldParser(problems);
    for (Node item : list.items()) {
      Field field = parser.parse(item, found.size());
      if (field == null) {
        continue;
      }
      if (PARTITION_COLUMNS.contains(field.name())) {
        problems.add(item, "'" + field.name() + "' is the name of a partition column");
      }
      if (!ids.add(field.id())) {
        problems.add(item, "the id " + field.id() + " is used twice");
      }
      if (found.put(field.name(), field) != null) {
        problems.add(item, "the field '" + field.name() + "' stands here twice");
      }
    }
    aliases(found);
    return found;
  }

  private void aliases(Map<String, Field> found) {
    Set<String> names = new HashSet<>(found.keySet());
    for (Field field : found.values()) {
      for (String alias : field.aliases()) {
        if (!names.add(alias)) {
          problems.add(file, field.line(), "the alias '" + alias + "' is another field's name");
        }
      }
    }
  }

  private void properties(Section finks, Contract.Builder contract) {
    contract.entity = finks.requireText("entity");
    if (!ENTITY.matcher(contract.entity).matches()) {
      problems.add(finks.at("entity"), "an entity's name must be lower-case letters, digits, '_'");
    }
    finks.require("version");
    contract.version = finks.number("version", 1, 1, Integer.MAX_VALUE);
    finks.require("key");
    contract.key = key(finks);
    finks.require("zone");
    contract.zone = finks.parsed("zone", ZoneId::of).orElse(null);
    finks.require("period");
    contract.period = finks.choice("period", Period.class).orElse(null);
    finks.require("event-time");
    contract.eventTime = eventTime(finks);
    contract.versionField = versionField(finks);
    finks.require("dedupe-window");
    contract.dedupeWindow =
        finks.parsed("dedupe-window", DedupeWindow::parse).orElse(DedupeWindow.all());
    contract.lateness = finks.parsed("lateness", Lateness::parse).orElse(null);
    finks.require("drift");
    contract.drift = finks.choice("drift", Drift.class).orElse(Drift.EVOLVE);
    contract.checks = checks(finks.require("checks"), contract.previousChecks);
    finks.finish();
  }

  private List<Field> key(Section finks) {
    List<Field> key = new ArrayList<>();
    for (String name : finks.texts("key")) {
      Field field = named(finks.at("key"), name);
      if (field == null) {
        continue;
      }
      if (key.contains(field)) {
        problems.add(finks.at("key"), "'" + name + "' stands twice in the key");
      }
      requireRequired(finks.at("key"), field, "key");
      boolean hidden =
          field.masking().filter(masking -> masking.kind() != Masking.Kind.TOKENISE).isPresent();
      if (hidden) {
        problems.add(
            finks.at("key"),
            "the key field '" + name + "' may only be tokenised: else different keys become one");
      }
      key.add(field);
    }
    if (key.isEmpty() && finks.has("key")) {
      problems.add(finks.at("key"), "a contract needs at least one key field");
    }
    return key;
  }

  private @Nullable Field eventTime(Section finks) {
    Field field = named(finks, "event-time");
    if (field == null) {
      return null;
    }
    Node at = finks.at("event-time");
    requireRequired(at, field, "event time");
    requireUnmasked(at, field, "event time");
    if (field.type().kind() != FieldType.Kind.DATE
        && field.type().kind() != FieldType.Kind.TIMESTAMP) {
      problems.add(at, "the event time must be a date or a timestamp, not " + field.type());
    }
    return field;
  }

  private @Nullable Field versionField(Section finks) {
    Field field = named(finks, "version-field");
    if (field == null) {
      return null;
    }
    Node at = finks.at("version-field");
    requireRequired(at, field, "version");
    requireUnmasked(at, field, "version");
    FieldType.Kind kind = field.type().kind();
    if (kind != FieldType.Kind.TIMESTAMP && kind != FieldType.Kind.LONG) {
      problems.add(at, "the version field must be a timestamp or a long, not " + field.type());
    }
    return field;
  }

  private void requireRequired(Node at, Field field, String role) {
    if (!field.required()) {
      problems.add(at, "the " + role + " field '" + field.name() + "' must not be nullable");
    }
  }

  private void requireUnmasked(Node at, Field field, String role) {
    if (field.isPersonal()) {
      problems.add(at, "the " + role + " field '" + field.name() + "' must not be masked");
    }
  }

  private @Nullable Field named(Section finks, String key) {
    Optional<String> name = finks.text(key);
    return name.isEmpty() ? null : named(finks.at(key), name.get());
  }

  private @Nullable Field named(Node at, String name) {
    Field field = fields.get(name);
    if (field == null) {
      problems.add(at, Section.unknown("field", name, fields.keySet()));
    }
    return field;
  }

  private List<Check> checks(@Nullable Node list, List<PreviousCheck> previous) {
    List<Check> checks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Map<String, Field> known = new LinkedHashMap<>(fields);
    Contract.envelopeFields(fields.size()).forEach(field -> known.put(field.name(), field));
    if (list != null && !list.isList()) {
      problems.add(list, "'checks' must be a list");
    }
    for (Node item : list == null ? List.<Node>of() : list.items()) {
      Section section = new Section(item, problems);
      String name = section.requireText("name");
      if (!name.matches("[a-z][a-z0-9-]{0,63}")) {
        problems.add(section.at("name"), "a check's name must be lower-case words with dashes");
      }
      if (!names.add(name)) {
        problems.add(section.at("name"), "the check '" + name + "' stands here twice");
      }
      Severity severity = section.choice("severity", Severity.class).orElse(Severity.REFUSE);
      Node check = section.require("check");
      if (check != null && check.isScalar() && PreviousCheck.isMeant(check.text())) {
        section
            .parsed(
                "check",
                text ->
                    PreviousCheck.parse(
                        new PreviousCheck.Head(name, text, severity), check.line(), fields))
            .ifPresent(previous::add);
      } else {
        section
            .parsed(
                "check",
                text -> new Check(name, text, ConditionParser.parse(text, known), severity))
            .ifPresent(checks::add);
      }
      section.finish();
    }
    return checks;
  }
}
