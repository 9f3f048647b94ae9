package ai.finks.flink.bronze.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNamesTest {
  private static final Instant WRITTEN = Instant.parse("2026-01-05T13:14:15.016Z");

  @Test
  void nameSaysWhenItWasWrittenAndWhatItHolds() {
    assertThat(ObjectName.of(WRITTEN, "fmp.bars.raw.v1", 3, 120, 4711))
        .hasToString("20260105T131415016Z_fmp.bars.raw.v1-3-120-4711.json");
  }

  @Test
  void nameIsReadBackAlsoWhereTheTopicLooksLikeOne() {
    ObjectName name = ObjectName.of(WRITTEN, "a-1-2-3.json-0-0-0", 3, 120, 4711);

    ObjectName read = ObjectName.parse(name.toString()).orElseThrow();

    assertThat(read).isEqualTo(name);
    assertThat(read.isOf("a-1-2-3.json-0-0-0")).isTrue();
    assertThat(read.isOf("a")).isFalse();
    assertThat(read.partition()).isEqualTo(3);
    assertThat(read.first()).isEqualTo(120);
    assertThat(read.last()).isEqualTo(4711);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "notes.json",
        "20260105T131415016Z_t-0-1.json",
        "20260105T131415016Z_t-0-1-99999999999999999999.json",
        "20260105T131415016Z_t-9999999999-1-2.json",
        ".20260105T131415016Z_t-0-1-2.json.inprogress.x"
      })
  void otherFilesAreNoObjects(String fileName) {
    assertThat(ObjectName.parse(fileName)).isEmpty();
  }

  @Test
  void fileInProgressSaysWhatItWillBe() {
    assertThat(ObjectName.parseInProgress(".20260105T131415016Z_t-0-1-2.json.inprogress.0f-3"))
        .hasValue(ObjectName.of(WRITTEN, "t", 0, 1, 2));
    assertThat(ObjectName.parseInProgress("20260105T131415016Z_t-0-1-2.json")).isEmpty();
  }

  @Test
  void rangeThatIsNoneIsRefused() {
    assertThatThrownBy(() -> ObjectName.of(WRITTEN, "t", 0, 5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5..4");
  }

  @Test
  void folderIsTheIngestHourInUtc() {
    long epochHour = Instant.parse("2026-01-05T13:59:59Z").getEpochSecond() / 3600;

    assertThat(ObjectFolder.of("fmp", epochHour, "run-7"))
        .isEqualTo("source=fmp/year=2026/month=01/day=05/hour=13/run_id=run-7");
    assertThat(ObjectFolder.ofUndecodable(-1))
        .isEqualTo("source=_undecodable/year=1969/month=12/day=31/hour=23/run_id=_none");
  }

  @ParameterizedTest
  @CsvSource({
    "fmp,fmp",
    "'',_empty",
    "_empty,%5Fempty",
    "_undecodable,%5Fundecodable",
    "..,%2E.",
    "../../etc,%2E.%2F..%2Fetc",
    "a b,a%20b",
    "é,%C3%A9",
    "2026-01-05T10:00Z,2026-01-05T10%3A00Z",
    "a%2Fb,a%252Fb",
    "a=b,a%3Db"
  })
  void textIsMadeSafeForAPath(String text, String segment) {
    assertThat(PathText.segment(text)).isEqualTo(segment);
  }

  @Property
  void everyTextIsOneSegmentThatStaysInItsFolder(@ForAll String text) {
    String segment = PathText.segment(text);

    assertThat(segment).matches("[A-Za-z0-9%._~-]+").hasSizeLessThanOrEqualTo(170);
    assertThat(Path.of("lake").resolve("run_id=" + segment).normalize())
        .isEqualTo(Path.of("lake", "run_id=" + segment));
  }

  @Property
  void differentTextsHaveDifferentSegments(@ForAll String one, @ForAll String other) {
    assertThat(PathText.segment(one).equals(PathText.segment(other))).isEqualTo(one.equals(other));
  }

  @Test
  void longTextsAreCutAndStayDifferent() {
    String one = "é".repeat(300);
    String other = one + "x";

    assertThat(PathText.segment(one)).hasSizeLessThanOrEqualTo(170).startsWith("%C3%A9");
    assertThat(PathText.segment(one)).isNotEqualTo(PathText.segment(other));
    assertThat(PathText.segment(one)).isEqualTo(PathText.segment("é".repeat(300)));
  }
}
