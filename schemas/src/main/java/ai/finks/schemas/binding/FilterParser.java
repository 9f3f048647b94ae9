package ai.finks.schemas.binding;

import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which records do not belong. */
final class FilterParser {

  private final Problems problems;
  private final PlaceParser places;

  FilterParser(Problems problems, PlaceParser places) {
    this.problems = problems;
    this.places = places;
  }

  List<FilterRule> rules(@Nullable Node node) {
    List<FilterRule> rules = new ArrayList<>();
    if (node == null) {
      return rules;
    }
    if (!node.isList() || node.items().isEmpty()) {
      problems.add(node, "'filter' must be a list of at least one rule");
    }
    for (Node item : node.items()) {
      FilterRule rule = rule(new Section(item, problems));
      if (rule != null) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private @Nullable FilterRule rule(Section section) {
    Locator place = places.place(section);
    List<FilterRule.Kind> kinds = new ArrayList<>();
    if (section.has("in")) {
      kinds.add(FilterRule.Kind.IN);
    }
    if (section.has("not-in")) {
      kinds.add(FilterRule.Kind.NOT_IN);
    }
    Pattern pattern = section.parsed("matches", PlaceParser::pattern).orElse(null);
    if (section.has("matches")) {
      kinds.add(FilterRule.Kind.MATCHES);
    }
    if (section.has("absent")) {
      kinds.add(FilterRule.Kind.ABSENT);
      if (!section.flag("absent", true)) {
        problems.add(section.at("absent"), "'absent' can only be true");
      }
    }
    List<String> texts = new ArrayList<>(section.texts("in"));
    texts.addAll(section.texts("not-in"));
    section.finish();
    if (kinds.size() != 1) {
      problems.add(
          section.node(),
          "exactly one of in, not-in, matches, absent says which records do not belong");
      return null;
    }
    if (place != null && place.kind() == Locator.Kind.CONSTANT) {
      problems.add(section.node(), "a constant is the same in every record");
    }
    return place == null ? null : new FilterRule(place, kinds.get(0), texts, pattern);
  }
}
