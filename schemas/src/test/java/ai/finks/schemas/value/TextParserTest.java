package ai.finks.schemas.value;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.payload.Lexeme;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextParserTest {
  private static final int RECORDS = 600_000;

  private final TextParser parser = new TextParser();
  private final Cell cell = new Cell();

  /** More than a trial and a rest of the table, of texts that come once, and of frequent ones. */
  @Test
  void textsAreWhatWasWrittenWhetherTheyComeAgainOrNot() {
    Random random = new Random(1);
    for (int i = 0; i < RECORDS; i++) {
      String seldom = "client." + random.nextInt(1_000_000);
      requireEqual(seldom);
    }
    for (int i = 0; i < RECORDS; i++) {
      String frequent = "SYM" + random.nextInt(5_000);
      requireEqual(frequent);
    }
  }

  @Test
  void frequentTextsAreOneInstance() {
    for (int i = 0; i < RECORDS; i++) {
      parse("SYM" + i % 100);
    }

    assertThat(parse("SYM7")).isSameAs(parse("SYM7"));
  }

  /** A million calls of AssertJ would take longer than all they look at. */
  private void requireEqual(String text) {
    if (!text.equals(parse(text))) {
      throw new AssertionError(text + " was read as " + cell.text());
    }
  }

  private String parse(String text) {
    if (parser.parse(Lexeme.TEXT, text.toCharArray(), 0, text.length(), cell) != null) {
      throw new AssertionError(text + " was refused");
    }
    return String.valueOf(cell.text());
  }
}
