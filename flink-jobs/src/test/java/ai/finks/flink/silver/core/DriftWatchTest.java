package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.payload.Lexeme;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DriftWatchTest {
  private final DriftWatch watch = new DriftWatch(List.of("/price"));
  private final Refined refined = new SilverFixture().plan().newRefined();

  @Test
  void fieldThatWasAlwaysThereAndIsGoneHasVanishedInEachRecord() {
    look(DriftWatch.HABIT, Lexeme.NUMBER);

    assertThat(look(1, Lexeme.ABSENT)).containsExactly("VANISHED /price");
    assertThat(look(1, Lexeme.ABSENT)).containsExactly("VANISHED /price");
  }

  @Test
  void fieldThatComesAndGoesHasNoHabit() {
    look(3, Lexeme.NUMBER);
    assertThat(look(1, Lexeme.ABSENT)).isEmpty();
    look(DriftWatch.HABIT, Lexeme.NUMBER);
    assertThat(look(1, Lexeme.ABSENT)).hasSize(1);
    look(1, Lexeme.NUMBER);

    assertThat(look(1, Lexeme.ABSENT)).isEmpty();
  }

  @Test
  void otherKindOfValueIsDriftAndNullIsNone() {
    look(DriftWatch.HABIT, Lexeme.NUMBER);

    assertThat(look(1, Lexeme.NULL)).isEmpty();
    assertThat(look(1, Lexeme.TEXT)).containsExactly("TYPE /price");
    assertThat(look(1, Lexeme.TEXT)).containsExactly("TYPE /price");
  }

  @Test
  void trueAndFalseAreOneKind() {
    look(DriftWatch.HABIT, Lexeme.TRUE);

    assertThat(look(1, Lexeme.FALSE)).isEmpty();
  }

  @Test
  void fieldThatWasNeverThereDoesNotVanish() {
    look(DriftWatch.HABIT, Lexeme.ABSENT);

    assertThat(look(DriftWatch.HABIT, Lexeme.NUMBER)).isEmpty();
  }

  private List<String> look(int records, Lexeme kind) {
    refined.clear();
    for (int i = 0; i < records; i++) {
      watch.look(0, kind, refined);
    }
    return refined.drifts().stream().map(FieldDrift::toString).collect(Collectors.toList());
  }
}
