package ai.finks.flink.bronze.core;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file name of a Bronze object: {@code <timestamp>_<topic>-<partition>-<first>-<last>.json}.
 *
 * <p>The timestamp is the instant of writing (UTC, milliseconds). It keeps names apart that would
 * else be equal, such as those of two generations of a topic. First and last are the offsets of the
 * object's first and last record; offsets between them may lie in other objects.
 */
public final class ObjectName {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  private static final Pattern FINISHED =
      Pattern.compile("(\\d{8}T\\d{9}Z)_(.+)-(\\d{1,10})-(\\d{1,19})-(\\d{1,19})\\.json");

  /** How Flink's local recoverable writer calls a file that is not visible yet. */
  private static final Pattern IN_PROGRESS = Pattern.compile("\\.(.+\\.json)\\.inprogress\\..+");

  private final String timestamp;
  private final String topicSegment;
  private final int partition;
  private final long first;
  private final long last;

  private ObjectName(String timestamp, String topicSegment, int partition, long first, long last) {
    this.timestamp = timestamp;
    this.topicSegment = topicSegment;
    this.partition = partition;
    this.first = first;
    this.last = last;
  }

  /** Names an object written at an instant. */
  public static ObjectName of(Instant written, String topic, int partition, long first, long last) {
    if (partition < 0 || first < 0 || last < first) {
      throw new IllegalArgumentException(
          "Not a range of a partition: " + partition + " " + first + ".." + last);
    }
    return new ObjectName(
        TIMESTAMP.format(written), PathText.segment(topic), partition, first, last);
  }

  /** Reads the name of a visible object; empty for any other file. */
  public static Optional<ObjectName> parse(String fileName) {
    Matcher matcher = FINISHED.matcher(fileName);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ObjectName(
              matcher.group(1),
              matcher.group(2),
              Integer.parseInt(matcher.group(3)),
              Long.parseLong(matcher.group(4)),
              Long.parseLong(matcher.group(5))));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  /** Reads the object's name out of a file that is being written; empty for any other file. */
  public static Optional<ObjectName> parseInProgress(String fileName) {
    Matcher matcher = IN_PROGRESS.matcher(fileName);
    return matcher.matches() ? parse(matcher.group(1)) : Optional.empty();
  }

  /** When the object was written. */
  public Instant written() {
    return LocalDateTime.parse(timestamp, TIMESTAMP).toInstant(ZoneOffset.UTC);
  }

  /** Whether the object holds records of this topic. */
  public boolean isOf(String topic) {
    return topicSegment.equals(PathText.segment(topic));
  }

  /** What the names of all objects of one partition of a topic have in common. */
  public String partitionText() {
    return topicSegment + "-" + partition;
  }

  public int partition() {
    return partition;
  }

  /** Offset of the first record. */
  public long first() {
    return first;
  }

  /** Offset of the last record. */
  public long last() {
    return last;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ObjectName && toString().equals(other.toString());
  }

  @Override
  public int hashCode() {
    return Objects.hash(timestamp, topicSegment, partition, first, last);
  }

  /** The file name. */
  @Override
  public String toString() {
    return timestamp + "_" + topicSegment + "-" + partition + "-" + first + "-" + last + ".json";
  }
}
