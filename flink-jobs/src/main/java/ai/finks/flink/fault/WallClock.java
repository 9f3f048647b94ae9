package ai.finks.flink.fault;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The one clock that the jobs read. It is the system's, unless the system property {@value
 * #PROPERTY} holds a number of milliseconds: then it is that much ahead (or behind), so that tests
 * can step it while a job runs.
 *
 * <p>What libraries read for themselves is not covered: the timestamps that Iceberg gives its
 * snapshots, Kafka's and Flink's timers.
 */
public final class WallClock extends Clock {
  public static final String PROPERTY = "finks.clock-step-millis";

  private static final WallClock UTC = new WallClock(ZoneOffset.UTC);

  private final ZoneId zone;

  private WallClock(ZoneId zone) {
    this.zone = zone;
  }

  public static Clock utc() {
    return UTC;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new WallClock(other);
  }

  @Override
  public long millis() {
    return System.currentTimeMillis() + stepMillis();
  }

  @Override
  public Instant instant() {
    return Clock.systemUTC().instant().plusMillis(stepMillis());
  }

  /** A step that cannot be read must not pass for none. */
  private static long stepMillis() {
    String text = System.getProperty(PROPERTY);
    if (text == null) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          PROPERTY + " needs a number of milliseconds, not '" + text + "'", e);
    }
  }
}
