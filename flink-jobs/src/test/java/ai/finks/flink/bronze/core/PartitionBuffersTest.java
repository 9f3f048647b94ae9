package ai.finks.flink.bronze.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.raw.RawRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PartitionBuffersTest {
  private static final long ELEVEN_O_CLOCK = 1767610800000000L;

  private final PartitionBuffers buffers = new PartitionBuffers("fmp.bars.raw.v1", "uuid", 0);

  @Test
  void recordsOfOneSourceHourAndRunShareAnObject() {
    ObjectBuffer first = add(10, "fmp", "r1", ELEVEN_O_CLOCK);
    ObjectBuffer second = add(11, "fmp", "r1", ELEVEN_O_CLOCK + 3_599_999_999L);

    assertThat(second).isSameAs(first);
    assertThat(first.first()).isEqualTo(10);
    assertThat(first.last()).isEqualTo(11);
    assertThat(first.records()).isEqualTo(2);
    assertThat(lines(first)).hasSize(2);
  }

  @Test
  void anotherSourceHourOrRunIsAnotherObject() {
    add(10, "fmp", "r1", ELEVEN_O_CLOCK);
    add(11, "files", "r1", ELEVEN_O_CLOCK);
    add(12, "fmp", "r2", ELEVEN_O_CLOCK);
    add(13, "fmp", "r1", ELEVEN_O_CLOCK - 1);
    add(14, "fmp", "r1", ELEVEN_O_CLOCK);
    buffers.addUndecodable(15, ELEVEN_O_CLOCK / 1000, null, null, "EMPTY");

    assertThat(buffers.open())
        .extracting(ObjectBuffer::folder)
        .containsExactlyInAnyOrder(
            "source=fmp/year=2026/month=01/day=05/hour=11/run_id=r1",
            "source=files/year=2026/month=01/day=05/hour=11/run_id=r1",
            "source=fmp/year=2026/month=01/day=05/hour=11/run_id=r2",
            "source=fmp/year=2026/month=01/day=05/hour=10/run_id=r1",
            "source=_undecodable/year=2026/month=01/day=05/hour=11/run_id=_none");
  }

  @Test
  void closedObjectTakesNothingMore() {
    ObjectBuffer closed = add(10, "fmp", "r1", ELEVEN_O_CLOCK);
    buffers.close(closed);

    ObjectBuffer next = add(11, "fmp", "r1", ELEVEN_O_CLOCK);

    assertThat(next).isNotSameAs(closed);
    assertThat(closed.last()).isEqualTo(10);
    assertThat(buffers.open()).containsExactly(next);
  }

  private ObjectBuffer add(long offset, String source, String runId, long ingestMicros) {
    RawRecord record =
        RawRecord.builder()
            .source(source)
            .entity("bars")
            .runId(runId)
            .batchId("b")
            .ingestTimeMicros(ingestMicros)
            .contentType("text/csv")
            .payload(new byte[] {'x', '\n'})
            .build();
    return buffers.add(offset, 0, 1, null, record);
  }

  private static String[] lines(ObjectBuffer object) {
    return new String(object.lines().array(), 0, object.lines().size(), StandardCharsets.UTF_8)
        .split("\n");
  }
}
