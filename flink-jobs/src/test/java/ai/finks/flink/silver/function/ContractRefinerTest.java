package ai.finks.flink.silver.function;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.silver.core.LanguageFixture;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.silver.io.QuarantineRows;
import ai.finks.flink.silver.io.SilverRowData;
import ai.finks.flink.stream.PartitionProgress;
import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.Counts;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import ai.finks.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.Test;

/** What becomes of records is counted so that it balances, and each row says where it is from. */
class ContractRefinerTest {

  private static final StreamPartition PARTITION =
      StreamPartition.of("venue.deals.raw.v1", "stream", 0);

  private final WireFormat wireFormat = new ConfluentWireFormat(new InMemoryRegistryClient());
  private final RawRecordEncoder encoder =
      new RawRecordEncoder(wireFormat.header(PARTITION.topic(), RawRecords.SCHEMA_JSON));
  private final SilverPlan plan = LanguageFixture.plan();
  private final ContractRefiner refiner =
      new ContractRefiner(
          new RawRecordDecoder(wireFormat),
          plan,
          new QuarantineRows(1, "test", Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
          topic -> "venue");
  private final PartitionWork work =
      new PartitionWork(new PartitionProgress(PARTITION, 0, List.of()), plan.newMemory());
  private final List<String> written = new ArrayList<>();
  private long offset;

  @Test
  void explodedRecordLandsInPartAndTheRestGoesToQuarantineByElement() {
    send(
        "{\"symbol\":\"S\",\"book\":{\"trades\":[{\"id\":1,\"t\":1,\"p\":0},"
            + "{\"id\":2,\"t\":1738702801123,\"p\":1},{\"id\":3,\"test\":true},"
            + "{\"id\":2,\"t\":1738702801123,\"p\":1}]}}");

    assertThat(written).containsExactly("QUARANTINE element 0", "SILVER element 1");
    assertCounts("read=1 exploded=3 silver=1 quarantine=1 duplicates=1 filtered=1");
  }

  @Test
  void recordThatExplodesIntoNoneCountsAsMinusOne() {
    send("{\"symbol\":\"S\",\"book\":{\"trades\":[]}}");

    assertThat(written).isEmpty();
    assertCounts("read=1 exploded=-1 silver=0 quarantine=0 duplicates=0 filtered=0");
  }

  @Test
  void recordThatDoesNotBelongCountsAsFiltered() {
    send("{\"type\":\"snapshot\"}");

    assertThat(written).isEmpty();
    assertCounts("read=1 exploded=0 silver=0 quarantine=0 duplicates=0 filtered=1");
  }

  @Test
  void recordWithoutItsArrayIsRefusedAsOne() {
    send("{\"symbol\":\"S\",\"book\":{\"trades\":7}}");
    send("no JSON");

    assertThat(written).containsExactly("QUARANTINE element 0", "QUARANTINE element 0");
    assertCounts("read=2 exploded=0 silver=0 quarantine=2 duplicates=0 filtered=0");
  }

  @Test
  void recordsAreCountedByTheirRunEvenIfTheyAreRefused() {
    send("{\"type\":\"snapshot\"}");
    send("no JSON");

    String run = LanguageFixture.record("venue", "{}").runId();
    assertThat(work.runs().take().records()).containsOnly(java.util.Map.entry(run, 2L));
    assertThat(work.runs().take().isEmpty()).isTrue();
  }

  private void send(String payload) {
    byte[] value =
        encoder.encode(
            LanguageFixture.record("venue", payload).toBuilder()
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .build());
    work.counts().read();
    refiner.refine(
        new RawMessage(PARTITION.topic(), 0, offset++, value),
        work,
        refinement -> {
          RowData row = refinement.row();
          int element =
              refinement.table() == PipelineTable.QUARANTINE
                  ? row.getInt(9)
                  : ((SilverRowData) row).element();
          written.add(refinement.table() + " element " + element);
        });
  }

  private void assertCounts(String expected) {
    Counts counts = work.counts().take();
    List<String> shown = new ArrayList<>();
    for (String name : expected.replaceAll("=-?[0-9]+", "").split(" ")) {
      shown.add(name + "=" + counts.get(name));
    }
    assertThat(String.join(" ", shown)).isEqualTo(expected);
    assertThat(counts.get("read") + counts.get("exploded"))
        .isEqualTo(
            counts.get("silver")
                + counts.get("quarantine")
                + counts.get("duplicates")
                + counts.get("filtered"));
  }
}
