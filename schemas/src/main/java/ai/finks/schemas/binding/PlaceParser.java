package ai.finks.schemas.binding;

import ai.finks.schemas.document.Node;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads where values are: for fields, filters, combinations and the raw key. */
final class PlaceParser {

  private static final Pattern XML_STEP =
      Pattern.compile("@?[A-Za-z_][A-Za-z0-9_.:-]*(\\[[1-9][0-9]{0,5}\\])?");

  private final Problems problems;
  private final @Nullable Format format;
  private final @Nullable Explode explode;

  PlaceParser(Problems problems, @Nullable Format format, @Nullable Explode explode) {
    this.problems = problems;
    this.format = format;
    this.explode = explode;
  }

  /** The place that a section names; null (and a problem) when it names none or several. */
  @Nullable Locator place(Section section) {
    Locator found = null;
    int places = 0;
    for (Locator.Kind kind : Locator.Kind.values()) {
      String key = kind.name().toLowerCase(Locale.ROOT);
      if (section.has(key)) {
        places++;
        found = kind == Locator.Kind.COMBINE ? combination(section) : plain(section, key, kind);
      }
    }
    if (places != 1) {
      problems.add(
          section.node(),
          "exactly one of pointer, column, attribute, element, constant, combine says where it is");
      return null;
    }
    return found;
  }

  private @Nullable Locator plain(Section section, String key, Locator.Kind kind) {
    Locator place = section.parsed(key, text -> Locator.of(kind, text)).orElse(null);
    if (place != null) {
      check(section.at(key), place);
    }
    return place;
  }

  private @Nullable Locator combination(Section section) {
    List<Locator> parts = new ArrayList<>();
    Node list = section.at("combine");
    String separator = section.text("with").orElse("");
    if (!list.isList()) {
      problems.add(list, "'combine' must be a list of places");
      return null;
    }
    for (Node item : list.items()) {
      Locator part = part("combine", item);
      if (part == null) {
        return null;
      }
      parts.add(part);
    }
    try {
      return Locator.combine(parts, separator);
    } catch (IllegalArgumentException e) {
      problems.add(list, "'combine': " + e.getMessage());
      return null;
    }
  }

  /** A place in a list: a text is the format's plain kind of place, others name their kind. */
  @Nullable Locator part(String key, Node item) {
    if (!item.isScalar()) {
      Section section = new Section(item, problems);
      Locator place = place(section);
      section.finish();
      return place;
    }
    Locator.Kind plain = format == Format.CSV ? Locator.Kind.COLUMN : Locator.Kind.POINTER;
    try {
      Locator place = Locator.of(plain, item.text());
      check(item, place);
      return place;
    } catch (IllegalArgumentException e) {
      problems.add(item, "'" + key + "': " + e.getMessage());
      return null;
    }
  }

  private void check(Node at, Locator place) {
    Locator.Kind kind = place.kind();
    boolean pointer = kind == Locator.Kind.POINTER || kind == Locator.Kind.ELEMENT;
    if (format == Format.CSV && pointer) {
      problems.add(at, "a CSV payload has columns, not pointers");
    } else if (format != null && format != Format.CSV && kind == Locator.Kind.COLUMN) {
      problems.add(at, "a " + format + " payload has pointers, not columns");
    } else if (kind == Locator.Kind.ELEMENT && explode == null) {
      problems.add(at, "'element' needs an array that the binding explodes (the key 'explode')");
    } else if (format == Format.XML && pointer) {
      checkXml(at, place);
    }
    if (explode != null && kind == Locator.Kind.POINTER && explode.holds(place)) {
      problems.add(at, "this leads into the exploded array: say 'element' and the way from there");
    }
  }

  private void checkXml(Node at, Locator place) {
    List<String> steps = place.steps();
    for (int i = 0; i < steps.size(); i++) {
      String step = steps.get(i);
      boolean attribute = step.startsWith("@");
      if (!XML_STEP.matcher(step).matches() || (attribute && i < steps.size() - 1)) {
        problems.add(at, "'" + step + "' is not a step like title, link[2] or, at the end, @href");
      }
    }
  }

  /** A regular expression. */
  static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("not a regular expression: " + e.getDescription(), e);
    }
  }
}
