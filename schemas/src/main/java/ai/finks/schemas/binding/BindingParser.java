package ai.finks.schemas.binding;

import ai.finks.schemas.document.Documents;
import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a binding from YAML, strictly, with the line of everything that is wrong. */
final class BindingParser {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Pattern RETENTION = Pattern.compile("([1-9][0-9]{0,4})([hd])");
  private static final int MAX_PARTITIONS = 1_000;
  private static final int DEFAULT_PARTITIONS = 4;
  private static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

  private final String file;
  private final String text;
  private final Problems problems;

  BindingParser(String file, String text, Problems problems) {
    this.file = file;
    this.text = text;
    this.problems = problems;
  }

  @Nullable Binding binding() {
    int before = problems.count();
    Node root = Documents.yaml(file, text, problems);
    if (root == null) {
      return null;
    }
    Section section = new Section(root, problems);
    Binding.Builder binding = new Binding.Builder();
    binding.file = file;
    binding.source = name(section, "source");
    binding.entity = name(section, "entity");
    section.require("format");
    binding.format = section.choice("format", Format.class).orElse(null);
    binding.stream = stream(section.find("stream"));
    binding.delimiter = section.parsed("delimiter", BindingParser::delimiter).orElse(',');
    if (section.has("delimiter") && binding.format != Format.CSV) {
      problems.add(section.at("delimiter"), "only a CSV payload has a delimiter");
    }
    binding.explode = explode(section.find("explode"), binding.format);
    PlaceParser places = new PlaceParser(problems, binding.format, binding.explode);
    section.require("raw-key");
    binding.rawKey = rawKey(section.find("raw-key"), places);
    binding.filter = new FilterParser(problems, places).rules(section.find("filter"));
    binding.ignored = new HashSet<>(section.texts("ignore"));
    Defaults defaults = new Defaults();
    defaults.nullTokens = section.texts("null-tokens");
    defaults.trim = section.flag("trim", false);
    defaults.localTimes =
        new LocalTimes(
            section.parsed("zone", ZoneId::of).orElse(null),
            section.choice("gap", LocalTimes.Gap.class).orElse(LocalTimes.Gap.REFUSE),
            section.choice("overlap", LocalTimes.Overlap.class).orElse(LocalTimes.Overlap.EARLIER));
    binding.trim = defaults.trim;
    FieldBindingParser fieldParser = new FieldBindingParser(problems, defaults, places);
    binding.fields = fields(section.require("fields"), fieldParser);
    binding.lines = root.keyLines();
    section.finish();
    return problems.count() > before ? null : new Binding(binding);
  }

  private String name(Section section, String key) {
    String name = section.requireText(key);
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      problems.add(section.at(key), "'" + key + "' must be lower-case letters, digits, '_'");
    }
    return name;
  }

  private Stream stream(@Nullable Node node) {
    if (node == null) {
      return new Stream(DEFAULT_PARTITIONS, DEFAULT_RETENTION);
    }
    Section section = new Section(node, problems);
    int partitions = section.number("partitions", DEFAULT_PARTITIONS, 1, MAX_PARTITIONS);
    Duration retention =
        section.parsed("retention", BindingParser::retention).orElse(DEFAULT_RETENTION);
    section.finish();
    return new Stream(partitions, retention);
  }

  private static Duration retention(String text) {
    Matcher matcher = RETENTION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not hours or days like 12h or 7d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("h") ? Duration.ofHours(amount) : Duration.ofDays(amount);
  }

  private static char delimiter(String text) {
    if (text.length() != 1 || !",;|\t".contains(text)) {
      throw new IllegalArgumentException("'" + text + "' is none of , ; | and the tab (\"\\t\")");
    }
    return text.charAt(0);
  }

  private @Nullable Explode explode(@Nullable Node node, @Nullable Format format) {
    if (node == null) {
      return null;
    }
    if (format == Format.CSV) {
      problems.add(node, "a CSV payload has no arrays to explode");
      return null;
    }
    String pointer = node.text();
    boolean optional = false;
    if (!node.isScalar()) {
      Section section = new Section(node, problems);
      pointer = section.requireText("pointer");
      optional = section.flag("optional", false);
      section.finish();
    }
    try {
      if (format == Format.XML && pointer.isEmpty()) {
        throw new IllegalArgumentException("an XML document is no array: name its elements");
      }
      return new Explode(pointer, optional);
    } catch (IllegalArgumentException e) {
      problems.add(node, "'explode': " + e.getMessage());
      return null;
    }
  }

  private List<Locator> rawKey(@Nullable Node node, PlaceParser places) {
    List<Locator> parts = new ArrayList<>();
    if (node == null) {
      return parts;
    }
    int before = problems.count();
    for (Node item : node.isList() ? node.items() : List.of(node)) {
      Locator part = places.part("raw-key", item);
      if (part != null) {
        parts.add(part);
        if (part.isInElement()) {
          problems.add(item, "'raw-key': a record has one key, whatever its elements are");
        }
      }
    }
    if (parts.isEmpty() && problems.count() == before) {
      problems.add(node, "'raw-key' needs at least one part");
    }
    return parts;
  }

  private Map<String, FieldBinding> fields(@Nullable Node node, FieldBindingParser parser) {
    Map<String, FieldBinding> fields = new LinkedHashMap<>();
    if (node == null) {
      return fields;
    }
    for (String name : new Section(node, problems).node().entries().keySet()) {
      Node value = node.entries().get(name);
      FieldBinding field = value == null ? null : parser.parse(name, value, node.keyLine(name));
      if (field != null) {
        fields.put(name, field);
      }
    }
    return fields;
  }

  /** What a binding says for all of its fields. */
  static final class Defaults {
    List<String> nullTokens = List.of();
    boolean trim;
    LocalTimes localTimes = new LocalTimes(null, LocalTimes.Gap.REFUSE, LocalTimes.Overlap.EARLIER);

    Set<String> nullTokensAnd(List<String> more) {
      Set<String> all = new HashSet<>(nullTokens);
      all.addAll(more);
      return all;
    }
  }
}
