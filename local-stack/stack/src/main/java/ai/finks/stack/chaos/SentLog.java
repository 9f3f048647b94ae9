package ai.finks.stack.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the broker has taken, and what the tables must hold of it: the same as if each partition had
 * been taken once, from its beginning to its end, by a job that never fell.
 *
 * <p>The version rule is written down here once more, over plain maps, so that the platform is not
 * compared with itself.
 */
final class SentLog {
  /**
   * A partition of a raw topic.
   *
   * @param stream whose topic
   * @param number of the partition
   */
  record Partition(RecordMaker.Stream stream, int number) implements Comparable<Partition> {
    @Override
    public int compareTo(Partition other) {
      int streams = stream.compareTo(other.stream);
      return streams != 0 ? streams : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
      return stream.source() + "." + stream.entity() + "/" + number;
    }
  }

  private final SortedMap<Partition, SortedMap<Long, Sent>> messages = new TreeMap<>();

  void add(Partition partition, long offset, Sent sent) {
    Sent twice = messages.computeIfAbsent(partition, p -> new TreeMap<>()).put(offset, sent);
    if (twice != null) {
      throw new PlatformFailure("The broker gave offset " + offset + " of " + partition + " twice");
    }
  }

  SortedMap<Partition, SortedMap<Long, Sent>> messages() {
    return messages;
  }

  @Nullable Sent at(Partition partition, long offset) {
    return messages.getOrDefault(partition, new TreeMap<>()).get(offset);
  }

  /** Everything that was taken of a partition, in order. */
  List<Sent> of(Partition partition) {
    return new ArrayList<>(messages.getOrDefault(partition, new TreeMap<>()).values());
  }

  long size() {
    return messages.values().stream().mapToLong(Map::size).sum();
  }

  /** What the tables must tell of one entity. */
  static final class Expected {
    /** {@code partition@offset/source/content/version} of each version. */
    final List<String> rows = new ArrayList<>();

    /** {@code source/content/version} of each key's newest version. */
    final List<String> newest = new ArrayList<>();

    /** {@code partition@offset/reason}. */
    final List<String> refused = new ArrayList<>();

    /** Counts by partition; zeros are left out. */
    final SortedMap<Partition, SortedMap<String, Long>> counts = new TreeMap<>();

    private final Map<String, Sent.Fact> newestFacts = new TreeMap<>();

    private void count(Partition partition, String... names) {
      SortedMap<String, Long> ofPartition = counts.computeIfAbsent(partition, p -> new TreeMap<>());
      for (String name : names) {
        ofPartition.merge(name, 1L, Long::sum);
      }
    }
  }

  Expected expected(RecordMaker.Stream stream) {
    Expected expected = new Expected();
    messages.forEach(
        (partition, sent) -> {
          if (partition.stream() == stream) {
            Map<String, Sent.Fact> known = new HashMap<>();
            sent.forEach((offset, message) -> take(expected, known, partition, offset, message));
          }
        });
    expected.newestFacts.values().forEach(fact -> expected.newest.add(row(fact)));
    return expected;
  }

  private static void take(
      Expected expected,
      Map<String, Sent.Fact> known,
      Partition partition,
      long offset,
      Sent message) {
    String coordinate = partition + "@" + offset + "/";
    Sent.Fact fact = message.fact();
    expected.count(partition, "read");
    if (fact == null) {
      expected.count(partition, "quarantine");
      expected.refused.add(coordinate + message.refusal());
      return;
    }
    Sent.Fact before = known.get(fact.key());
    boolean newer = before == null || fact.isNewerThan(before);
    if (newer) {
      known.put(fact.key(), fact);
    }
    if (before != null && fact.content().equals(before.content())) {
      expected.count(partition, "duplicates", "duplicates_exact");
    } else if (!newer) {
      expected.count(partition, "duplicates", "duplicates_superseded");
    } else {
      expected.count(partition, "silver");
      expected.rows.add(coordinate + row(fact));
      expected.newestFacts.put(fact.source() + "/" + fact.key(), fact);
    }
  }

  private static String row(Sent.Fact fact) {
    return fact.source() + "/" + fact.content() + "/" + fact.version();
  }
}
