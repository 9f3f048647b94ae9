package ai.finks.flink.bronze.core;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of Bronze that records of one source, ingest hour (UTC) and run share: {@code
 * source=<s>/year=/month=/day=/hour=/run_id=<r>}.
 */
public final class ObjectFolder {
  /** Where values that are no raw records land, by the hour of their stream's timestamp. */
  private static final String UNDECODABLE_SOURCE = "_undecodable";

  private static final String NO_RUN = "_none";
  private static final long SECONDS_PER_HOUR = 3600;
  private static final Pattern HOUR =
      Pattern.compile("source=[^/]*/year=(\\d+)/month=(\\d\\d)/day=(\\d\\d)/hour=(\\d\\d)(/|$)");

  private ObjectFolder() {}

  /**
   * @param epochHour hours since 1970-01-01T00Z of the record's ingest time
   */
  public static String of(String source, long epochHour, String runId) {
    return path(PathText.segment(source), epochHour, PathText.segment(runId));
  }

  /**
   * @param epochHour hours since 1970-01-01T00Z of the timestamp that the stream gave the value
   */
  public static String ofUndecodable(long epochHour) {
    return path(UNDECODABLE_SOURCE, epochHour, NO_RUN);
  }

  /**
   * Hours since 1970-01-01T00Z that the path of an object, or of its folder, names.
   *
   * @throws IllegalArgumentException for a path that is none of Bronze's
   */
  public static long epochHour(String path) {
    Matcher hour = HOUR.matcher(path);
    if (!hour.find()) {
      throw new IllegalArgumentException("Not a path of Bronze: " + path);
    }
    return LocalDateTime.of(
                Integer.parseInt(hour.group(1)),
                Integer.parseInt(hour.group(2)),
                Integer.parseInt(hour.group(3)),
                Integer.parseInt(hour.group(4)),
                0)
            .toEpochSecond(ZoneOffset.UTC)
        / SECONDS_PER_HOUR;
  }

  private static String path(String source, long epochHour, String runId) {
    LocalDateTime hour =
        LocalDateTime.ofInstant(
            Instant.ofEpochSecond(Math.multiplyExact(epochHour, SECONDS_PER_HOUR)), ZoneOffset.UTC);
    return String.format(
        Locale.ROOT,
        "source=%s/year=%04d/month=%02d/day=%02d/hour=%02d/run_id=%s",
        source,
        hour.getYear(),
        hour.getMonthValue(),
        hour.getDayOfMonth(),
        hour.getHour(),
        runId);
  }
}
