package ai.finks.simulators.fmp;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.simulators.demo.DemoBars;
import ai.finks.simulators.demo.DemoFolder;
import ai.finks.simulators.demo.SymbolBars;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarHistoryTest {
  private static final DemoBars BARS = new DemoBars(DemoFolder.ofCheckout());
  private static final JsonMapper JSON = new JsonMapper();
  private static final BigDecimal FOUR = new BigDecimal(4);

  @Test
  void everyShippedBarReachesTheAnswerWithTheNumbersOfItsRow() throws Exception {
    int compared = 0;
    try (BufferedReader rows = rows()) {
      assertThat(rows.readLine()).isEqualTo(DemoBars.HEADER);
      for (SymbolBars bars : BARS.bySymbol().values()) {
        JsonText answer = BarHistory.render(bars, LocalDate.of(1990, 1, 1), null);
        List<Map<String, String>> objects = objects(answer);
        for (int i = objects.size() - 1; i >= 0; i--) {
          assertThat(rowOf(objects.get(i))).isEqualTo(rows.readLine());
          compared++;
        }
      }
      assertThat(rows.readLine()).isNull();
    }
    assertThat(compared).isEqualTo(DemoBars.ROWS);
  }

  @Test
  void whatIsDerivedIsExact() throws Exception {
    SymbolBars bars = BARS.of("AOS").orElseThrow();
    for (Map<String, String> bar : objects(BarHistory.render(bars, null, null))) {
      BigDecimal open = new BigDecimal(bar.get("open"));
      BigDecimal close = new BigDecimal(bar.get("close"));
      BigDecimal sum =
          open.add(new BigDecimal(bar.get("high"))).add(new BigDecimal(bar.get("low"))).add(close);
      BigDecimal change = close.subtract(open);
      BigDecimal percent = change.movePointRight(2).divide(open, 5, RoundingMode.HALF_UP);

      assertThat(new BigDecimal(bar.get("change"))).isEqualByComparingTo(change);
      assertThat(new BigDecimal(bar.get("changePercent"))).isEqualByComparingTo(percent);
      assertThat(new BigDecimal(bar.get("vwap"))).isEqualByComparingTo(sum.divide(FOUR));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 4, 0",
    "1, 4, 0.0001",
    "-1, 4, -0.0001",
    "450000, 4, 45",
    "450700, 4, 45.07",
    "-5700, 4, -0.57",
    "10, 0, 10",
    "1000000, 0, 1000000",
    "9223372036854775807, 6, 9223372036854.775807"
  })
  void decimalsAreWrittenWithoutTrailingZeros(long unscaled, int scale, String expected) {
    JsonText text = new JsonText(1).object().decimal(JsonText.name("n"), unscaled, scale);

    assertThat(new String(text.array(), 0, text.length(), StandardCharsets.UTF_8))
        .endsWith("\"n\": " + expected);
  }

  private static BufferedReader rows() throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            new ZstdInputStream(Files.newInputStream(BARS.file())), StandardCharsets.US_ASCII));
  }

  /** The answer's objects as texts by member; numbers keep their digits. */
  private static List<Map<String, String>> objects(JsonText answer) throws IOException {
    List<Map<String, String>> objects = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(answer.array(), 0, answer.length())) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> members = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          members.put(name, parser.nextToken() == JsonToken.VALUE_NULL ? "" : parser.getText());
        }
        objects.add(members);
      }
    }
    return objects;
  }

  /** The CSV row, whose whole prices are written with one zero. */
  private static String rowOf(Map<String, String> bar) {
    return String.join(
        ",",
        bar.get("date"),
        price(bar, "open"),
        price(bar, "high"),
        price(bar, "low"),
        price(bar, "close"),
        bar.get("volume"),
        bar.get("symbol"));
  }

  private static String price(Map<String, String> bar, String name) {
    String text = bar.get(name);
    return text.isEmpty() || text.indexOf('.') >= 0 ? text : text + ".0";
  }
}
