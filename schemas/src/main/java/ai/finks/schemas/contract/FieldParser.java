package ai.finks.schemas.contract;

import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one field of a contract from its Avro definition. */
final class FieldParser {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final int MAX_ID = 999;

  private final Problems problems;

  FieldParser(Problems problems) {
    this.problems = problems;
  }

  /** The field, or null when it cannot be made out (and a problem says why). */
  @Nullable Field parse(Node node, int index) {
    Section section = new Section(node, problems);
    String name = section.requireText("name");
    String doc = section.requireText("doc");
    List<String> aliases = section.texts("aliases");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      problems.add(section.at("name"), "a field's name must be lower-case letters, digits, '_'");
    }
    for (String alias : aliases) {
      if (!NAME.matcher(alias).matches() || alias.equals(name)) {
        problems.add(section.at("aliases"), "the alias '" + alias + "' is not an earlier name");
      }
    }
    section.require("finks.id");
    int id = section.number("finks.id", 0, 1, MAX_ID);
    Node typeNode = section.require("type");
    Node defaultNode = section.find("default");
    Node tags = section.find("confluent:tags");
    boolean personal = section.texts("confluent:tags").contains("PII");
    Optional<String> masking = section.text("finks.pii");
    section.finish();
    if (typeNode == null) {
      return null;
    }
    boolean required = !typeNode.isList();
    FieldType type = required ? type(typeNode) : optionalType(typeNode);
    checkDefault(node, required, defaultNode);
    if (personal != masking.isPresent()) {
      problems.add(
          tags == null ? section.at("finks.pii") : tags,
          "'confluent:tags' with PII and 'finks.pii' belong together");
    }
    if (type == null) {
      return null;
    }
    Masking parsed = section.parsed("finks.pii", text -> Masking.parse(text, type)).orElse(null);
    return new Field(index, id, name, type, required, doc, parsed, aliases, node.line());
  }

  private void checkDefault(Node field, boolean required, @Nullable Node defaultNode) {
    boolean nullDefault = defaultNode != null && defaultNode.kind() == Node.Kind.NULL;
    if (required && defaultNode != null) {
      problems.add(defaultNode, "a required field has no default: the binding may have one");
    } else if (!required && !nullDefault) {
      problems.add(field, "a nullable field needs \"default\": null, so that readers can evolve");
    }
  }

  private @Nullable FieldType optionalType(Node union) {
    List<Node> branches = union.items();
    if (branches.size() != 2 || !branches.get(0).text().equals("null")) {
      problems.add(union, "a nullable type must be [\"null\", type]");
      return null;
    }
    return type(branches.get(1));
  }

  private @Nullable FieldType type(Node node) {
    if (!node.isMap()) {
      return plainType(node, node.text(), "");
    }
    Section section = new Section(node, problems);
    String base = section.requireText("type");
    String logical = section.text("logicalType").orElse("");
    if (logical.equals("decimal")) {
      return decimal(section, base);
    }
    section.finish();
    return plainType(node, base, logical);
  }

  private @Nullable FieldType decimal(Section section, String base) {
    section.require("precision");
    int precision = section.number("precision", 1, 1, Integer.MAX_VALUE);
    int scale = section.number("scale", 0, 0, Integer.MAX_VALUE);
    section.finish();
    if (!base.equals("bytes")) {
      problems.add(section.at("type"), "a decimal must be bytes");
      return null;
    }
    try {
      return FieldType.decimal(precision, scale);
    } catch (IllegalArgumentException e) {
      problems.add(section.node(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable FieldType plainType(Node node, String base, String logical) {
    switch (logical.isEmpty() ? base : base + "/" + logical) {
      case "string":
        return FieldType.STRING;
      case "boolean":
        return FieldType.BOOLEAN;
      case "int":
        return FieldType.INT;
      case "long":
        return FieldType.LONG;
      case "int/date":
        return FieldType.DATE;
      case "long/timestamp-micros":
        return FieldType.TIMESTAMP;
      default:
        problems.add(
            node,
            String.format(
                "the type %s%s is none of string, boolean, int, long, bytes with decimal, int with"
                    + " date, long with timestamp-micros",
                base.isEmpty() ? "here" : base, logical.isEmpty() ? "" : " with " + logical));
        return null;
    }
  }
}
