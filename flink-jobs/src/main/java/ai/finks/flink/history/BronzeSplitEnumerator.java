package ai.finks.flink.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** Gives each reader its splits as it comes, by number; there are never more. */
final class BronzeSplitEnumerator implements SplitEnumerator<BronzeSplit, List<BronzeSplit>> {
  private final SplitEnumeratorContext<BronzeSplit> context;
  private final List<BronzeSplit> unread;

  BronzeSplitEnumerator(
      SplitEnumeratorContext<BronzeSplit> context, Collection<BronzeSplit> unread) {
    this.context = context;
    this.unread = new ArrayList<>(unread);
  }

  @Override
  public void start() {
    // Everything is known from the beginning.
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    // Readers are given all of theirs at once.
  }

  @Override
  public void addSplitsBack(List<BronzeSplit> splits, int subtask) {
    unread.addAll(splits);
  }

  @Override
  public void addReader(int subtask) {
    Iterator<BronzeSplit> each = unread.iterator();
    while (each.hasNext()) {
      BronzeSplit split = each.next();
      if (split.owner(context.currentParallelism()) == subtask) {
        each.remove();
        context.assignSplit(split, subtask);
      }
    }
    context.signalNoMoreSplits(subtask);
  }

  @Override
  public List<BronzeSplit> snapshotState(long checkpointId) {
    return new ArrayList<>(unread);
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
