package ai.finks.flink.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named places where a crash or a failure matters, for tests only: passing one does nothing unless
 * the system property {@value #PROPERTY} arms it.
 *
 * <p>The property holds {@code name[@nth]:kill|fail}, several joined by commas. The action happens
 * once, when the place is passed for the nth time (1 unless given) since the property got its
 * value: {@code kill} ends the process as signal 9 would, {@code fail} throws. Other names than
 * {@link #NAMES}, which docs/fault-points.md explains, are refused: a test that arms a place which
 * nobody passes would prove nothing.
 */
public final class FaultPoints {
  public static final String PROPERTY = "finks.fault-points";

  /** What a shell reports for a process that signal 9 ended. */
  static final int KILLED = 137;

  private static final Logger LOG = LoggerFactory.getLogger(FaultPoints.class);
  private static final Pattern ARMED =
      Pattern.compile("([a-z0-9.-]+)(?:@([1-9][0-9]{0,8}))?:(kill|fail)");

  /** All places. */
  static final Set<String> NAMES =
      Set.of(
          "silver.writer.before-files-close",
          "silver.commit.before",
          "silver.commit.table-done",
          "silver.commit.after",
          "table.commit.before",
          "table.commit.answer-lost",
          "bronze.writer.before-objects-close",
          "bronze.commit.objects-published",
          "contracts.apply.created",
          "contracts.apply.jobs-stopped",
          "contracts.apply.tables-evolved",
          "contracts.apply.activated",
          "contracts.apply.jobs-started",
          "bronze.commit.ledger-done",
          "seal.period-written",
          "seal.commit.before",
          "seal.commit.planned",
          "seal.commit.after",
          "compact.written",
          "compact.commit.before",
          "compact.commit.after",
          "expire.remove-file",
          "expire.remove-replaced",
          "expire.remove-orphan",
          "rebuild.staged",
          "rebuild.publish.before",
          "rebuild.publish.table-done",
          "replay.staged",
          "replay.publish.period-written",
          "replay.publish.planned",
          "replay.publish.committed",
          "replay.fill.sent",
          "replay.published");

  private static final AtomicLong FAILURES = new AtomicLong();

  private static volatile @Nullable Plan current;

  private FaultPoints() {}

  /**
   * Passes a place.
   *
   * @throws UncheckedIOException if the place is armed with {@code fail} and this is its time
   * @throws IllegalArgumentException if the property cannot be read
   */
  public static void pass(String name) {
    String text = System.getProperty(PROPERTY);
    if (text != null) {
      planOf(text).faults.forEach(fault -> fault.passed(name));
    }
  }

  /** How many failures were thrown since the process started. */
  public static long failures() {
    return FAILURES.get();
  }

  private static synchronized Plan planOf(String text) {
    Plan plan = current;
    if (plan == null || !plan.text.equals(text)) {
      plan = Plan.parse(text);
      LOG.warn("This process will be harmed, for a test: {}={}", PROPERTY, text);
      current = plan;
    }
    return plan;
  }

  /** What one value of the property asks for. */
  private static final class Plan {
    final String text;
    final List<Fault> faults;

    private Plan(String text, List<Fault> faults) {
      this.text = text;
      this.faults = faults;
    }

    static Plan parse(String text) {
      List<Fault> faults = new ArrayList<>();
      for (String part : text.split(",", -1)) {
        Matcher matcher = ARMED.matcher(part.trim());
        if (!matcher.matches()) {
          throw new IllegalArgumentException(
              PROPERTY + " needs name[@nth]:kill|fail, joined by commas, not '" + text + "'");
        }
        if (!NAMES.contains(matcher.group(1))) {
          throw new IllegalArgumentException(
              PROPERTY + " names a place that is nowhere passed: '" + matcher.group(1) + "'");
        }
        String nth = matcher.group(2);
        faults.add(
            new Fault(
                matcher.group(1),
                nth == null ? 1 : Long.parseLong(nth),
                matcher.group(3).equals("kill")));
      }
      return new Plan(text, faults);
    }
  }

  private static final class Fault {
    private final String name;
    private final long nth;
    private final boolean kills;
    private final AtomicLong passes = new AtomicLong();

    Fault(String name, long nth, boolean kills) {
      this.name = name;
      this.nth = nth;
      this.kills = kills;
    }

    void passed(String place) {
      if (!place.equals(name) || passes.incrementAndGet() != nth) {
        return;
      }
      LOG.warn("fault={} pass={} action={}", name, nth, kills ? "kill" : "fail");
      if (kills) {
        Runtime.getRuntime().halt(KILLED);
      }
      FAILURES.incrementAndGet();
      throw new UncheckedIOException(new IOException("Injected fault at " + name));
    }
  }
}
