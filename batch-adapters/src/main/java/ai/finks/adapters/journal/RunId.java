package ai.finks.adapters.journal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of runs: part of paths in Bronze, so of few characters. */
public final class RunId {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private RunId() {}

  /**
   * A new run id that sorts by time.
   *
   * @param adapter which adapter, for example {@code fmp.bars}
   * @param random makes ids of one second differ
   */
  public static String create(String adapter, Instant now, int random) {
    return String.format(
        Locale.ROOT, "%s-%s-%06x", TIME.format(now), adapter.replace('.', '-'), random & 0xFFFFFF);
  }

  /**
   * The id itself.
   *
   * @throws RunRefusedException when it cannot be one
   */
  public static String check(String runId) {
    if (!VALID.matcher(runId).matches()) {
      throw new RunRefusedException(
          "run id '" + runId + "': up to 100 letters, digits, '.', '_' and '-' are possible");
    }
    return runId;
  }
}
