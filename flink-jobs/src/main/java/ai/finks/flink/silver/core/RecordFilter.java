package ai.finks.flink.silver.core;

import ai.finks.schemas.binding.FilterRule;
import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** A binding's filter, compiled: says which records do not belong, as they are written. */
final class RecordFilter {

  private final List<Rule> rules = new ArrayList<>();

  /** Adds a rule on the value of a slot. */
  void add(FilterRule rule, int slot, boolean trim) {
    rules.add(new Rule(rule, slot, trim));
  }

  /** Whether one of the rules describes the record. */
  boolean drops(Slots slots) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).describes(slots)) {
        return true;
      }
    }
    return false;
  }

  private static final class Rule {
    private final FilterRule.Kind kind;
    private final int slot;
    private final boolean trim;
    private final List<String> texts;
    private final @Nullable Matcher matcher;

    Rule(FilterRule rule, int slot, boolean trim) {
      this.kind = rule.kind();
      this.slot = slot;
      this.trim = trim;
      this.texts = rule.texts();
      this.matcher = rule.pattern().map(pattern -> pattern.matcher("")).orElse(null);
    }

    /** What is absent is described by no rule but the one for absence: it is left to the checks. */
    boolean describes(Slots slots) {
      Lexeme lexeme = slots.kind(slot);
      if (kind == FilterRule.Kind.ABSENT) {
        return lexeme == Lexeme.ABSENT || lexeme == Lexeme.NULL;
      }
      String text = text(lexeme, slots);
      if (text == null) {
        return false;
      }
      switch (kind) {
        case IN:
          return texts.contains(text);
        case NOT_IN:
          return !texts.contains(text);
        default:
          return matcher != null && matches(matcher, text);
      }
    }

    private @Nullable String text(Lexeme lexeme, Slots slots) {
      switch (lexeme) {
        case TEXT:
        case NUMBER:
          String text = slots.text(slot);
          return trim ? text.strip() : text;
        case TRUE:
          return "true";
        case FALSE:
          return "false";
        default:
          return null;
      }
    }

    private static boolean matches(Matcher matcher, String text) {
      try {
        return matcher.reset(text).matches();
      } catch (StackOverflowError e) {
        // Java's patterns recurse on repeated groups; a text that long matches nothing sensible.
        return false;
      }
    }
  }
}
