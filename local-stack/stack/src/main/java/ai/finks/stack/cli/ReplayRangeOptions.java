package ai.finks.stack.cli;

import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of the past is meant: by event time, by ingest time, or by offsets. */
final class ReplayRangeOptions {
  private static final Pattern OFFSETS =
      Pattern.compile("([^:]+):(\\d{1,9}):(\\d{1,18})-(\\d{1,18})");
  private static final long MICROS_PER_SECOND = 1_000_000L;

  /** The times that rows have. */
  enum By {
    event,
    ingest
  }

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "First day, or instant: 2017-03-01, 2026-01-05T14:30:00Z.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Last day, all of it; or the instant before which it ends.")
  private @Nullable String to;

  @Option(
      names = "--by",
      description = "The time that is meant: ${COMPLETION-CANDIDATES} (default: event).")
  private By by = By.event;

  @Option(
      names = "--offsets",
      split = ",",
      paramLabel = "T:P:A-B",
      description =
          "Offsets A to B, both included, of partition P of topic T; times then only narrow it.")
  private List<String> offsets = new ArrayList<>();

  boolean isGiven() {
    return from != null || to != null || !offsets.isEmpty();
  }

  /**
   * The range, days in the zone of the contract.
   *
   * @throws CommandFailure if it is none
   */
  ReplayRange range(ZoneId zone) {
    String first = from;
    String last = to;
    if (first == null && last == null && !offsets.isEmpty()) {
      return ReplayRange.ofOffsets();
    }
    if (first == null || last == null) {
      throw CommandFailure.usage("Replay what? Give --from and --to, or --offsets");
    }
    try {
      return ReplayRange.of(
          by == By.event ? ReplayRange.By.EVENT : ReplayRange.By.INGEST,
          micros("--from", first, zone, 0),
          micros("--to", last, zone, 1));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("" + e.getMessage());
    }
  }

  private static long micros(String option, String text, ZoneId zone, int days) {
    try {
      Instant instant =
          text.indexOf('T') < 0
              ? LocalDate.parse(text).plusDays(days).atStartOfDay(zone).toInstant()
              : Instant.parse(text);
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
          instant.getNano() / 1000);
    } catch (DateTimeException | ArithmeticException e) {
      throw CommandFailure.usage(
          option + ": '" + text + "' is neither a day, 2017-03-01, nor an instant that ends in Z");
    }
  }

  /** The offsets by topic and partition; empty when none were given. */
  Map<String, Map<Integer, OffsetRange>> offsets() {
    Map<String, Map<Integer, OffsetRange>> ranges = new TreeMap<>();
    for (String text : offsets) {
      Matcher matcher = OFFSETS.matcher(text);
      if (!matcher.matches()) {
        throw CommandFailure.usage("--offsets: '" + text + "' is not TOPIC:PARTITION:FIRST-LAST");
      }
      long first = Long.parseLong(matcher.group(3));
      long last = Long.parseLong(matcher.group(4));
      if (last < first) {
        throw CommandFailure.usage("--offsets: '" + text + "' ends before it begins");
      }
      ranges
          .computeIfAbsent(matcher.group(1), topic -> new TreeMap<>())
          .merge(
              Integer.parseInt(matcher.group(2)),
              OffsetRange.of(first, last + 1, Counts.none()),
              (one, other) -> {
                throw CommandFailure.usage("--offsets names a partition twice: '" + text + "'");
              });
    }
    return ranges;
  }
}
