package ai.finks.flink.stream;

import ai.finks.flink.table.StreamPartition;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Offsets that a job may go on without although its tables need them: somebody has looked and said
 * so. Written as {@code TOPIC:PARTITION:FIRST-LAST}, separated by commas; both ends belong to it.
 */
public final class AcceptedGaps implements Serializable {
  private static final long serialVersionUID = 1;
  private static final AcceptedGaps NONE = new AcceptedGaps(new ArrayList<>());

  private final ArrayList<Gap> gaps;

  private AcceptedGaps(ArrayList<Gap> gaps) {
    this.gaps = gaps;
  }

  public static AcceptedGaps none() {
    return NONE;
  }

  /**
   * Reads gaps as they are written; no text, no gaps.
   *
   * @throws IllegalArgumentException saying how gaps are written
   */
  public static AcceptedGaps parse(List<String> texts) {
    ArrayList<Gap> gaps = new ArrayList<>();
    texts.forEach(text -> gaps.add(Gap.parse(text)));
    return new AcceptedGaps(gaps);
  }

  /** Whether one of the gaps holds all offsets {@code [from, end)} of the partition. */
  public boolean accept(StreamPartition partition, long from, long end) {
    return gaps.stream().anyMatch(gap -> gap.holds(partition, from, end));
  }

  /** As the offsets {@code [from, end)} of a partition must be written to be accepted. */
  public static String text(StreamPartition partition, long from, long end) {
    return partition.topic() + ":" + partition.partition() + ":" + from + "-" + (end - 1);
  }

  private static final class Gap implements Serializable {
    private static final long serialVersionUID = 1;

    private final String topic;
    private final int partition;
    private final long first;
    private final long last;

    private Gap(String topic, int partition, long first, long last) {
      this.topic = topic;
      this.partition = partition;
      this.first = first;
      this.last = last;
    }

    static Gap parse(String text) {
      String[] parts = text.split(":", -1);
      int dash = parts.length == 3 ? parts[2].indexOf('-') : -1;
      try {
        if (dash > 0) {
          Gap gap =
              new Gap(
                  parts[0],
                  Integer.parseInt(parts[1]),
                  Long.parseLong(parts[2].substring(0, dash)),
                  Long.parseLong(parts[2].substring(dash + 1)));
          if (!gap.topic.isEmpty() && gap.partition >= 0 && gap.first <= gap.last) {
            return gap;
          }
        }
      } catch (NumberFormatException e) {
        throw notOne(e);
      }
      throw notOne(null);
    }

    private static IllegalArgumentException notOne(@Nullable Exception cause) {
      return new IllegalArgumentException(
          "must be gaps like fmp.bars.raw.v1:0:0-4711, separated by commas", cause);
    }

    boolean holds(StreamPartition asked, long from, long end) {
      return topic.equals(asked.topic())
          && partition == asked.partition()
          && first <= from
          && end - 1 <= last;
    }
  }
}
