package ai.finks.schemas.binding;

import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads how one field is bound. */
final class FieldBindingParser {

  private final Problems problems;
  private final BindingParser.Defaults defaults;
  private final @Nullable Format format;

  FieldBindingParser(Problems problems, BindingParser.Defaults defaults, @Nullable Format format) {
    this.problems = problems;
    this.defaults = defaults;
    this.format = format;
  }

  /** The field's binding, or null when it cannot be made out (and a problem says why). */
  @Nullable FieldBinding parse(String field, Node node, int line) {
    int before = problems.count();
    Section section = new Section(node, problems);
    FieldBinding.Builder builder = new FieldBinding.Builder();
    builder.field = field;
    builder.line = line;
    builder.locator = locator(section);
    builder.nullTokens = defaults.nullTokensAnd(section.texts("null-tokens"));
    builder.trim = section.flag("trim", defaults.trim);
    builder.formats = section.texts("format");
    builder.epoch = section.choice("epoch", EpochUnit.class).orElse(null);
    builder.zone = section.parsed("zone", ZoneId::of).orElse(defaults.zone);
    builder.rounding = section.parsed("round", FieldBindingParser::rounding).orElse(null);
    builder.values = values(section.find("values"));
    builder.trueTokens = section.texts("true-tokens");
    builder.falseTokens = section.texts("false-tokens");
    builder.defaultText = section.text("default").orElse(null);
    section.finish();
    return problems.count() > before ? null : new FieldBinding(builder);
  }

  private @Nullable Locator locator(Section section) {
    Locator found = null;
    int places = 0;
    for (Locator.Kind kind : Locator.Kind.values()) {
      String key = kind.name().toLowerCase(Locale.ROOT);
      Locator locator = section.parsed(key, text -> Locator.of(kind, text)).orElse(null);
      if (section.has(key)) {
        places++;
        found = locator;
        checkFormat(section.at(key), kind);
      }
    }
    if (places != 1) {
      problems.add(
          section.node(), "exactly one of pointer, column, attribute, constant says where it is");
      return null;
    }
    Pattern pattern = section.parsed("pattern", FieldBindingParser::pattern).orElse(null);
    if (found == null || pattern == null) {
      return found;
    }
    if (found.kind() == Locator.Kind.CONSTANT) {
      problems.add(section.at("pattern"), "a constant needs no pattern");
    }
    return found.withPattern(pattern);
  }

  private void checkFormat(Node at, Locator.Kind kind) {
    if (format == Format.CSV && kind == Locator.Kind.POINTER) {
      problems.add(at, "a CSV payload has columns, not pointers");
    } else if (format == Format.JSON && kind == Locator.Kind.COLUMN) {
      problems.add(at, "a JSON payload has pointers, not columns");
    }
  }

  private static Pattern pattern(String text) {
    try {
      Pattern pattern = Pattern.compile(text);
      if (pattern.matcher("").groupCount() != 1) {
        throw new IllegalArgumentException("a pattern needs exactly one group: the value");
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a regular expression: " + e.getDescription(), e);
    }
  }

  private static RoundingMode rounding(String text) {
    switch (text) {
      case "half-even":
        return RoundingMode.HALF_EVEN;
      case "half-up":
        return RoundingMode.HALF_UP;
      case "down":
        return RoundingMode.DOWN;
      default:
        throw new IllegalArgumentException("'" + text + "' is none of half-even, half-up, down");
    }
  }

  private Map<String, String> values(@Nullable Node node) {
    Map<String, String> values = new HashMap<>();
    if (node != null) {
      new Section(node, problems);
      for (Map.Entry<String, Node> entry : node.entries().entrySet()) {
        if (!entry.getValue().isScalar()) {
          problems.add(entry.getValue(), "a value must be a text");
        }
        values.put(entry.getKey(), entry.getValue().text());
      }
      if (values.isEmpty()) {
        problems.add(node, "'values' must map at least one text");
      }
    }
    return values;
  }
}
