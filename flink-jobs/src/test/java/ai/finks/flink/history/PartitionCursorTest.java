package ai.finks.flink.history;

import static ai.finks.flink.history.KeptObjects.ELEVEN_O_CLOCK;
import static ai.finks.flink.history.KeptObjects.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.flink.stream.RawMessage;
import ai.finks.flink.table.StreamPartition;
import ai.finks.schemas.raw.Undecodable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionCursorTest {
  private static final StreamPartition PARTITION =
      StreamPartition.of("fmp.bars.raw.v1", "stream-1", 3);

  @TempDir Path lake;
  private KeptObjects kept;

  @BeforeEach
  void keep() throws Exception {
    kept = new KeptObjects(lake, PARTITION);
    for (int i = 0; i < 30; i++) {
      // Three objects at a time: two runs, one of them over the end of an hour.
      kept.add("run-" + i % 2, ELEVEN_O_CLOCK + (i % 3) / 2 * HOUR);
      if (i % 10 == 9) {
        kept.commit();
      }
    }
  }

  @Test
  void recordsOfInterleavedObjectsComeInTheOrderOfTheirOffsets() throws IOException {
    assertThat(kept.objects()).hasSizeGreaterThan(6);

    List<RawMessage> messages = read(0, 30);

    assertThat(messages).extracting(RawMessage::offset).containsExactlyElementsOf(offsets(0, 30));
    assertThat(messages)
        .allSatisfy(
            message -> {
              assertThat(message.streamId()).isEqualTo("stream-1");
              assertThat(message.partition()).isEqualTo(3);
              assertThat(new String(payload(message), StandardCharsets.UTF_8))
                  .isEqualTo("payload " + message.offset());
            });
  }

  @Test
  void rangeBeginsAndEndsInTheMiddleOfObjects() throws IOException {
    assertThat(read(13, 24))
        .extracting(RawMessage::offset)
        .containsExactlyElementsOf(offsets(13, 24));
  }

  @Test
  void valuesThatAreNoRecordsComeBackWholeWithTheirReason() throws Exception {
    byte[] garbage = {0, 0, 0, 0, 9, (byte) 0xff};
    kept.addUndecodable(garbage);
    kept.commit();

    RawMessage message = read(30, 31).get(0);

    assertThat(message.value()).isEqualTo(garbage);
    assertThat(message.decoded().record()).isNull();
    assertThat(message.decoded().problem()).isEqualTo(Undecodable.CORRUPT);
  }

  @Test
  void offsetsThatTheLogItselfLeftOutAreNoGap() throws Exception {
    kept.skip();
    kept.add("run-1", ELEVEN_O_CLOCK);
    kept.commit();

    assertThat(read(28, 32)).extracting(RawMessage::offset).containsExactly(28L, 29L, 31L);
  }

  @Test
  void missingObjectIsNamedWithItsOffsets() throws IOException {
    Files.delete(kept.file(4));

    assertThatThrownBy(() -> read(0, 30))
        .isInstanceOf(HistoryGapException.class)
        .hasMessageContaining("fmp.bars.raw.v1 partition 3 offsets")
        .hasMessageContaining(kept.objects().get(4).first() + " to " + kept.objects().get(4).last())
        .hasMessageContaining("is not there");
  }

  @Test
  void alteredObjectIsFoundByItsChecksum() throws IOException {
    KeptObjects.edit(kept.file(0), "payload 0", "payload 7");

    assertThatThrownBy(() -> read(0, 30))
        .isInstanceOf(HistoryGapException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void shortenedObjectIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(kept.file(0));
    Files.write(kept.file(0), Arrays.copyOf(bytes, bytes.length - 5));

    assertThatThrownBy(() -> read(0, 30)).hasMessageContaining("ends in the middle of a line");
  }

  @Test
  void damagedObjectIsNotHeldOpen() throws IOException {
    Path opened = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(opened), "needs a system that lists open files");
    Path inTheMiddle = kept.file(0);
    Path atOnce = kept.file(kept.objects().size() - 1);
    byte[] bytes = Files.readAllBytes(inTheMiddle);
    Files.write(inTheMiddle, Arrays.copyOf(bytes, bytes.length - 5));
    Files.writeString(atOnce, "no line of Bronze's\n");

    assertThatThrownBy(() -> read(0, 30)).hasMessageContaining("in the middle of a line");
    assertThatThrownBy(() -> read(29, 30)).hasMessageContaining("none of Bronze's");

    assertThat(open(opened)).doesNotContain(inTheMiddle, atOnce);
  }

  private static List<Path> open(Path descriptors) throws IOException {
    List<Path> open = new ArrayList<>();
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path each : all.toList()) {
        try {
          open.add(Files.readSymbolicLink(each));
        } catch (NoSuchFileException closedSince) {
          continue;
        }
      }
    }
    return open;
  }

  @Test
  void objectOfAnotherStreamIsRefused() throws IOException {
    KeptObjects.edit(kept.file(0), "stream-1", "stream-2");

    assertThatThrownBy(() -> read(0, 30)).hasMessageContaining("the ledger does not say of it");
  }

  private List<RawMessage> read(long from, long to) throws IOException {
    List<RawMessage> messages = new ArrayList<>();
    try (PartitionCursor cursor = kept.cursor(from, to)) {
      for (RawMessage message = cursor.next(); message != null; message = cursor.next()) {
        messages.add(message);
      }
    }
    return messages;
  }

  private static byte[] payload(RawMessage message) {
    return message.decoded().record().payload();
  }

  private static List<Long> offsets(long from, long to) {
    return LongStream.range(from, to).boxed().collect(Collectors.toList());
  }
}
