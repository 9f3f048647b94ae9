package ai.finks.flink.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.flink.silver.io.Pipeline;
import ai.finks.flink.silver.io.StartGuard;
import ai.finks.flink.table.CommitOrigin;
import ai.finks.flink.table.JobStoppedException;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.MemoryTables;
import ai.finks.flink.table.Ownership;
import ai.finks.schemas.contract.Contract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StartGuardTest {
  private final MemoryTables lake = new MemoryTables();
  private final Contract contract = HistoryRecords.contract();

  /** As an earlier version made it: no order of sealed files is known to it. */
  @BeforeEach
  void createTableOfBefore() {
    LakeTables.createShared(lake.catalog(), "lake");
    LakeTables.createEntity(
        lake.catalog(),
        "lake",
        contract.entity(),
        List.of(
            NestedField.required(1, "id", Types.StringType.get()),
            NestedField.required(2, "at", Types.TimestampType.withZone()),
            NestedField.required(3, "amount", Types.DecimalType.of(18, 2))),
        List.of("year", "month"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void tableOfALivingSubmissionStaysAsItIsUnlessItIsTakenOver() {
    Table silver = lake.catalog().load(LakeTables.silver(contract.entity()));
    Ownership.claim(
        silver,
        CommitOrigin.live(submission("other", true).job(), "other", 0),
        Duration.ZERO,
        false);
    int orders = silver.sortOrders().size();

    assertThatThrownBy(() -> prepare(submission("newcomer", false)))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining("other");
    silver.refresh();
    assertThat(silver.sortOrders()).hasSize(orders);

    prepare(submission("newcomer", true));
    assertThat(LakeTables.isPreparedForSeal(lake.catalog(), contract)).isTrue();
    prepare(submission("third", false));
  }

  private void prepare(Pipeline pipeline) {
    StartGuard.prepareForSeal(pipeline, lake.catalog(), contract);
  }

  private Pipeline submission(String writerId, boolean takesOver) {
    return new Pipeline(
        contract.entity(),
        Map.of("desk.trades.raw.v1", "desk"),
        lake.loader(),
        writerId,
        takesOver,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10));
  }
}
