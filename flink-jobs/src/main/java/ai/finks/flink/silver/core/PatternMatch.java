package ai.finks.flink.silver.core;

import ai.finks.schemas.value.Utf8Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a text matches a pattern as a whole. Converters hand out one instance per frequent text,
 * so the instances that matched lately need no second look.
 */
final class PatternMatch implements ConditionCompiler.Test {

  private static final int TABLE_SIZE = 16_384;
  private static final int PLACES = 4;
  // Longer texts are made anew for each record, so keeping them would only cost memory.
  private static final int MAX_REMEMBERED_LENGTH = 64;

  private final int field;
  private final Matcher matcher;
  private final @Nullable Utf8Text[] matched = new Utf8Text[TABLE_SIZE];
  private int next;

  PatternMatch(int field, Pattern pattern) {
    this.field = field;
    this.matcher = pattern.matcher("");
  }

  @Override
  public int on(FieldValues values) {
    if (values.isNull(field)) {
      return ConditionCompiler.UNKNOWN;
    }
    Utf8Text text = values.utf8(field);
    int home = text.hashCode() & (TABLE_SIZE - 1);
    if (isRemembered(text, home)) {
      return ConditionCompiler.TRUE;
    }
    if (!matches(text.toString())) {
      return ConditionCompiler.FALSE;
    }
    if (text.bytes().length <= MAX_REMEMBERED_LENGTH) {
      remember(text, home);
    }
    return ConditionCompiler.TRUE;
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean isRemembered(Utf8Text text, int home) {
    return matched[home] == text
        || matched[home ^ 1] == text
        || matched[home ^ 2] == text
        || matched[home ^ 3] == text;
  }

  /** In a free one of a few places, else in each of them in turn. */
  private void remember(Utf8Text text, int home) {
    int place = home;
    for (int i = 1; i < PLACES && matched[place] != null; i++) {
      place = home ^ i;
    }
    if (matched[place] != null) {
      place = home ^ (next++ & (PLACES - 1));
    }
    matched[place] = text;
  }

  private boolean matches(String text) {
    try {
      return matcher.reset(text).matches();
    } catch (StackOverflowError e) {
      // Java's patterns recurse on repeated groups; a text that long matches nothing sensible.
      return false;
    }
  }
}
