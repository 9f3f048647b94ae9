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
  // Longer texts are made anew for each record, so keeping them would only cost memory.
  private static final int MAX_REMEMBERED_LENGTH = 64;

  private final int field;
  private final Matcher matcher;
  private final @Nullable Utf8Text[] matched = new Utf8Text[TABLE_SIZE];

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
    int index = text.hashCode() & (TABLE_SIZE - 1);
    @SuppressWarnings("ReferenceEquality")
    boolean known = matched[index] == text;
    if (known) {
      return ConditionCompiler.TRUE;
    }
    if (!matches(text.toString())) {
      return ConditionCompiler.FALSE;
    }
    if (text.bytes().length <= MAX_REMEMBERED_LENGTH) {
      matched[index] = text;
    }
    return ConditionCompiler.TRUE;
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
