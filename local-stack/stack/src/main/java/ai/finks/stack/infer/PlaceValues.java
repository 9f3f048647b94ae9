package ai.finks.stack.infer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The values that a sample has at one place. */
final class PlaceValues {
  private final List<String> texts = new ArrayList<>();
  private final Set<String> distinct = new HashSet<>();
  private boolean numbers;
  private boolean words;
  private boolean booleans;
  private boolean lists;

  void add(String text, boolean number, boolean isBoolean) {
    texts.add(text);
    distinct.add(text);
    numbers |= number;
    booleans |= isBoolean;
    words |= !number && !isBoolean;
  }

  void addList() {
    lists = true;
  }

  int count() {
    return texts.size();
  }

  boolean isUnique() {
    return distinct.size() == texts.size();
  }

  List<String> texts() {
    return texts;
  }

  /** Whether it holds lists, or values of several kinds. */
  boolean isMixed() {
    return lists || (numbers ? 1 : 0) + (words ? 1 : 0) + (booleans ? 1 : 0) > 1;
  }

  boolean areNumbers() {
    return numbers;
  }

  boolean areBooleans() {
    return booleans;
  }

  boolean all(Predicate<String> test) {
    return !texts.isEmpty() && texts.stream().allMatch(test);
  }
}
