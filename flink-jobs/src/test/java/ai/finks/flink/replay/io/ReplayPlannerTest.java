package ai.finks.flink.replay.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.history.BoundedHistory;
import ai.finks.flink.history.HistoryOrigin;
import ai.finks.flink.history.HistoryRanges;
import ai.finks.flink.replay.core.ContractChoice;
import ai.finks.flink.replay.core.ReplayOrder;
import ai.finks.flink.replay.core.ReplayPlan;
import ai.finks.flink.replay.core.ReplayPlanException;
import ai.finks.flink.replay.core.ReplayRange;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.OffsetRange;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.contract.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayPlannerTest {
  private static final String TOPIC = "fmp.bars.raw.v1";
  private static final StreamPartition ZERO = StreamPartition.of(TOPIC, "now", 0);
  private static final StreamPartition BEFORE = StreamPartition.of(TOPIC, "before", 0);
  private static final Instant FROM = Instant.parse("2025-03-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2025-04-01T00:00:00Z");

  @Test
  void theStreamIsReadFromADayBeforeToWhereSilverStands() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 0, 900).sent(ZERO, 40, 900);
    Kept bronze = new Kept(HistoryOrigin.Kind.BRONZE);

    ReplayPlan plan = planner(stream, bronze, contract(""), Map.of(ZERO, 800L)).plan(order());

    assertThat(plan.origin()).isEqualTo("stream");
    assertThat(plan.ranges()).isEqualTo(TOPIC + "@now/0[40,800)");
    assertThat(stream.askedFrom).isEqualTo(Instant.parse("2025-02-28T00:00:00Z"));
    assertThat(stream.askedTo).isAfter(Instant.parse("9000-01-01T00:00:00Z"));
  }

  @Test
  void theContractsLatenessEndsTheRange() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 0, 900).sent(ZERO, 40, 300);

    planner(
            stream,
            new Kept(HistoryOrigin.Kind.BRONZE),
            contract("\"lateness\": \"P7D\","),
            Map.of(ZERO, 800L))
        .plan(order());

    assertThat(stream.askedTo).isEqualTo(Instant.parse("2025-04-08T00:00:00Z"));
  }

  @Test
  void bronzeIsReadWhereRetentionHasPassed() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 500, 900).sent(ZERO, 500, 900);
    Kept bronze =
        new Kept(HistoryOrigin.Kind.BRONZE)
            .holds(ZERO, 0, 900)
            .sent(ZERO, 350, 900)
            .holds(BEFORE, 0, 70)
            .sent(BEFORE, 60, 70);

    ReplayPlan plan =
        planner(stream, bronze, contract(""), Map.of(ZERO, 800L, BEFORE, 70L)).plan(order());

    assertThat(plan.origin()).isEqualTo("bronze");
    assertThat(plan.ranges()).isEqualTo(TOPIC + "@before/0[60,70) " + TOPIC + "@now/0[350,800)");
  }

  @Test
  void theStreamIsReadWhereWhatHasExpiredWasOfAnotherTime() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 500, 900).sent(ZERO, 500, 900);
    Kept bronze = new Kept(HistoryOrigin.Kind.BRONZE).holds(ZERO, 0, 900).sent(ZERO, 510, 900);

    ReplayPlan plan = planner(stream, bronze, contract(""), Map.of(ZERO, 800L)).plan(order());

    assertThat(plan.origin()).isEqualTo("stream");
  }

  @Test
  void aGapInBothIsAnErrorThatNamesIt() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 500, 900).sent(ZERO, 500, 900);
    Kept bronze = new Kept(HistoryOrigin.Kind.BRONZE).holds(ZERO, 0, 700).sent(ZERO, 350, 700);

    assertThatThrownBy(
            () -> planner(stream, bronze, contract(""), Map.of(ZERO, 800L)).plan(order()))
        .isInstanceOf(ReplayPlanException.class)
        .hasMessageContaining("[350, 500)")
        .hasMessageContaining("[700, 800)");
  }

  @Test
  void anOriginThatIsAskedForMustHaveItAll() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 500, 900).sent(ZERO, 500, 900);
    Kept bronze = new Kept(HistoryOrigin.Kind.BRONZE).holds(ZERO, 0, 900).sent(ZERO, 350, 900);
    ReplayPlanner planner = planner(stream, bronze, contract(""), Map.of(ZERO, 800L));
    ReplayOrder offsets =
        new ReplayOrder(
                "replay-1",
                "bars",
                ReplayRange.ofOffsets(),
                new ContractChoice(ContractChoice.LIVE, 1),
                Set.of(TOPIC))
            .of(Map.of(TOPIC, Map.of(0, OffsetRange.of(400, 600, Counts.none()))));

    assertThat(planner.plan(offsets).origin()).isEqualTo("bronze");
    assertThat(planner.plan(offsets.from("bronze")).origin()).isEqualTo("bronze");
    assertThatThrownBy(() -> planner.plan(offsets.from("stream")))
        .isInstanceOf(ReplayPlanException.class)
        .hasMessageContaining("[400, 500)")
        .hasMessageContaining("not in stream any more");
  }

  @Test
  void offsetsThatSilverHasNotReadCannotBeReplayed() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 0, 900);
    ReplayPlanner planner =
        planner(stream, new Kept(HistoryOrigin.Kind.BRONZE), contract(""), Map.of(ZERO, 800L));
    ReplayOrder offsets =
        new ReplayOrder(
                "replay-1",
                "bars",
                ReplayRange.ofOffsets(),
                new ContractChoice(ContractChoice.LIVE, 1),
                Set.of(TOPIC))
            .of(Map.of(TOPIC, Map.of(0, OffsetRange.of(700, 801, Counts.none()))));

    assertThatThrownBy(() -> planner.plan(offsets))
        .isInstanceOf(ReplayPlanException.class)
        .hasMessageContaining("up to 800");
  }

  @Test
  void aPlanIsReadBackAsItWasWritten() throws Exception {
    Kept stream = new Kept(HistoryOrigin.Kind.STREAM).holds(ZERO, 0, 900).sent(ZERO, 40, 900);
    ReplayPlan plan =
        planner(stream, new Kept(HistoryOrigin.Kind.BRONZE), contract(""), Map.of(ZERO, 800L))
            .plan(order());

    ReplayPlan read = ReplayPlan.parse(plan.toJson());

    assertThat(read.toJson()).isEqualTo(plan.toJson());
    assertThat(read.offsets()).isEqualTo(plan.offsets());
    assertThat(read.range().toMicros()).isEqualTo(plan.range().toMicros());
  }

  private static ReplayOrder order() {
    return new ReplayOrder(
        "replay-1",
        "bars",
        ReplayRange.of(
            ReplayRange.By.EVENT,
            FROM.getEpochSecond() * 1_000_000,
            TO.getEpochSecond() * 1_000_000),
        new ContractChoice(ContractChoice.LIVE, 1),
        Set.of(TOPIC));
  }

  private static Contract contract(String more) throws Exception {
    Path file = Path.of("..", "schemas", "avro", "bars.avsc");
    return Contract.parse(
        "bars.avsc", Files.readString(file).replace("\"drift\":", more + "\"drift\":"));
  }

  private static ReplayPlanner planner(
      Kept stream, Kept bronze, Contract contract, Map<StreamPartition, Long> recorded) {
    return new ReplayPlanner(stream, bronze, contract, new TreeMap<>(recorded));
  }

  /** An origin that keeps what it is told. */
  private static final class Kept implements HistoryOrigin {
    private final Kind kind;
    private final TreeMap<StreamPartition, OffsetRange> held = new TreeMap<>();
    private final TreeMap<StreamPartition, OffsetRange> ofTime = new TreeMap<>();
    private @Nullable Instant askedFrom;
    private @Nullable Instant askedTo;

    Kept(Kind kind) {
      this.kind = kind;
    }

    Kept holds(StreamPartition partition, long from, long to) {
      held.put(partition, OffsetRange.of(from, to, Counts.none()));
      return this;
    }

    Kept sent(StreamPartition partition, long from, long to) {
      ofTime.put(partition, OffsetRange.of(from, to, Counts.none()));
      return this;
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public HistoryRanges held(Collection<String> topics) {
      return HistoryRanges.of(held);
    }

    @Override
    public HistoryRanges ofIngestTime(Collection<String> topics, Instant from, Instant to) {
      askedFrom = from;
      askedTo = to;
      return HistoryRanges.of(ofTime);
    }

    @Override
    public HistoryRanges missing(HistoryRanges ranges) {
      TreeMap<StreamPartition, OffsetRange> missing = new TreeMap<>();
      ranges
          .asMap()
          .forEach(
              (partition, range) -> {
                OffsetRange has = held.get(partition);
                if (has == null) {
                  missing.put(partition, range);
                } else if (has.start() > range.start()) {
                  missing.put(partition, OffsetRange.of(range.start(), has.start(), Counts.none()));
                } else if (has.end() < range.end()) {
                  missing.put(partition, OffsetRange.of(has.end(), range.end(), Counts.none()));
                }
              });
      return HistoryRanges.of(missing);
    }

    @Override
    public BoundedHistory read(HistoryRanges ranges) {
      throw new UnsupportedOperationException("plans read nothing");
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
