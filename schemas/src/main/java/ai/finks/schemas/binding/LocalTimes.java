package ai.finks.schemas.binding;

import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How times that are written without an offset become instants: their zone, and what happens to
 * those that the zone's clocks skip or show twice when daylight saving begins and ends.
 */
public final class LocalTimes {

  /** What a local time that the zone skips means. */
  public enum Gap {
    /** It is no time; the value is refused. */
    REFUSE,
    /** Later by as much as the clocks were put forward. */
    FORWARD
  }

  /** What a local time that comes twice means. */
  public enum Overlap {
    /** The first of the two: still summer time. */
    EARLIER,
    /** The second of the two: already winter time. */
    LATER,
    /** It cannot be told which; the value is refused. */
    REFUSE
  }

  private final @Nullable ZoneId zone;
  private final Gap gap;
  private final Overlap overlap;

  LocalTimes(@Nullable ZoneId zone, Gap gap, Overlap overlap) {
    this.zone = zone;
    this.gap = Objects.requireNonNull(gap);
    this.overlap = Objects.requireNonNull(overlap);
  }

  public Optional<ZoneId> zone() {
    return Optional.ofNullable(zone);
  }

  public Gap gap() {
    return gap;
  }

  public Overlap overlap() {
    return overlap;
  }
}
