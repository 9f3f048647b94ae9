package ai.finks.flink.silver.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TypedRecordsTest {

  @Test
  void keyOfOneValueIsTheValue() {
    assertThat(TypedRecords.key(List.of("a|b\\c"))).isEqualTo("a|b\\c");
  }

  @Test
  void differentKeysOfSeveralValuesAreDifferentTexts() {
    assertThat(
            Stream.of(
                    List.of("AAPL", "17169"),
                    List.of("a", "b|c"),
                    List.of("a|b", "c"),
                    List.of("a\\", "b|c"),
                    List.of("a\\|b", "c"),
                    List.of("", "a"),
                    List.of("a", ""),
                    List.of("", "|a"))
                .map(TypedRecords::key))
        .doesNotHaveDuplicates()
        .contains("AAPL|17169", "a|b\\|c", "a\\|b|c");
  }
}
