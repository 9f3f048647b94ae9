package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.value.Cell;
import ai.finks.schemas.value.Utf8Text;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PatternMatchMemoryTest {

  @Test
  void longTextsThatMatchedAreNotKept() throws Exception {
    Contract contract =
        Contract.parse("bars.avsc", Files.readString(Path.of("../schemas/avro/bars.avsc")));
    Field symbol = contract.field("symbol").orElseThrow();
    FieldValues values = new FieldValues(contract.fields());
    PatternMatch test = new PatternMatch(symbol.index(), Pattern.compile("x+"));

    WeakReference<String> text = new WeakReference<>("x".repeat(100_000));
    assertThat(test.on(set(values, symbol, text.get()))).isEqualTo(ConditionCompiler.TRUE);
    // The matcher itself holds the last text.
    assertThat(test.on(set(values, symbol, "x"))).isEqualTo(ConditionCompiler.TRUE);

    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              System.gc();
              return text.get() == null;
            });
  }

  private static FieldValues set(FieldValues values, Field field, String text) {
    Cell cell = new Cell();
    cell.setText(Utf8Text.of(text));
    values.set(field.index(), cell);
    return values;
  }
}
