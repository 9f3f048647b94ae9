package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationConverterTest {
  @ParameterizedTest
  @CsvSource({"250ms,PT0.25S", "30s,PT30S", "10m,PT10M", "2h,PT2H", "1d,P1D", "pt1h,PT1H"})
  void readsDurationsAsPeopleWriteThem(String text, Duration duration) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "5x", "-PT1S", "ten minutes"})
  void saysHowToWriteOneWhenItCannotReadIt(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text)).hasMessageContaining("10m");
  }
}
