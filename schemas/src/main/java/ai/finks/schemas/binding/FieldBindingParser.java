package ai.finks.schemas.binding;

import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how one field is bound. */
final class FieldBindingParser {

  private final Problems problems;
  private final BindingParser.Defaults defaults;
  private final PlaceParser places;

  FieldBindingParser(Problems problems, BindingParser.Defaults defaults, PlaceParser places) {
    this.problems = problems;
    this.defaults = defaults;
    this.places = places;
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
    builder.localTimes = localTimes(section);
    builder.rounding = section.parsed("round", FieldBindingParser::rounding).orElse(null);
    builder.numberText = NumberTextParser.parse(section, problems);
    builder.values = values(section.find("values"));
    builder.unlisted = section.choice("unlisted", Unlisted.class).orElse(Unlisted.REFUSE);
    if (section.has("unlisted") && builder.values.isEmpty()) {
      problems.add(section.at("unlisted"), "'unlisted' needs 'values'");
    }
    builder.trueTokens = section.texts("true-tokens");
    builder.falseTokens = section.texts("false-tokens");
    builder.defaultText = section.text("default").orElse(null);
    builder.optionLines = node.keyLines();
    section.finish();
    return problems.count() > before ? null : new FieldBinding(builder);
  }

  private @Nullable Locator locator(Section section) {
    Locator found = places.place(section);
    Pattern pattern = section.parsed("pattern", FieldBindingParser::pattern).orElse(null);
    return found == null || pattern == null ? found : found.withPattern(pattern);
  }

  private static Pattern pattern(String text) {
    Pattern pattern = PlaceParser.pattern(text);
    if (pattern.matcher("").groupCount() != 1) {
      throw new IllegalArgumentException("a pattern needs exactly one group: the value");
    }
    return pattern;
  }

  private LocalTimes localTimes(Section section) {
    LocalTimes all = defaults.localTimes;
    return new LocalTimes(
        section.parsed("zone", ZoneId::of).orElse(all.zone().orElse(null)),
        section.choice("gap", LocalTimes.Gap.class).orElse(all.gap()),
        section.choice("overlap", LocalTimes.Overlap.class).orElse(all.overlap()));
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
