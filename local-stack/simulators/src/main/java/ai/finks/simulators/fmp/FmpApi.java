package ai.finks.simulators.fmp;

import ai.finks.simulators.demo.DemoBars;
import ai.finks.simulators.demo.SymbolBars;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** FMP's stable API over the shipped bars: from a path and its parameters to an answer. */
final class FmpApi {
  private static final String BARS = "/stable/historical-price-eod/full";
  private static final String QUOTE = "/stable/quote";
  private static final String SYMBOLS = "/stable/stock-list";

  private final DemoBars bars;

  FmpApi(DemoBars bars) {
    this.bars = bars;
  }

  Answer answer(String path, Map<String, String> query, Faults faults) {
    if (path.startsWith("/api/v3/") || path.startsWith("/api/v4/")) {
      return Answer.legacy();
    }
    if (faults.restrictedPaths().contains(path)) {
      return Answer.restricted();
    }
    return switch (path) {
      case BARS -> history(query, faults.restrictedSymbols());
      case QUOTE -> quote(query, faults.restrictedSymbols());
      case SYMBOLS -> symbols();
      default -> Answer.notFound(path);
    };
  }

  private Answer history(Map<String, String> query, Set<String> restricted) {
    String symbol = symbolOf(query);
    if (symbol == null) {
      return Answer.missing("symbol");
    }
    if (restricted.contains(symbol)) {
      return Answer.premiumSymbol(symbol);
    }
    LocalDate from;
    LocalDate to;
    try {
      from = date(query, "from");
    } catch (DateTimeParseException e) {
      return Answer.missing("from");
    }
    try {
      to = date(query, "to");
    } catch (DateTimeParseException e) {
      return Answer.missing("to");
    }
    SymbolBars found = bars.of(symbol).orElse(null);
    JsonText text = found == null ? new JsonText(2).end() : BarHistory.render(found, from, to);
    return Answer.json(text, symbol);
  }

  private Answer quote(Map<String, String> query, Set<String> restricted) {
    String symbol = symbolOf(query);
    if (symbol == null) {
      return Answer.missing("symbol");
    }
    if (restricted.contains(symbol)) {
      return Answer.premiumSymbol(symbol);
    }
    SymbolBars found = bars.of(symbol).orElse(null);
    return Answer.json(found == null ? new JsonText(2).end() : LatestQuote.render(found), symbol);
  }

  private Answer symbols() {
    JsonText json = new JsonText(40_000);
    byte[] symbolName = JsonText.name("symbol");
    byte[] companyName = JsonText.name("companyName");
    for (String symbol : bars.symbols()) {
      json.object()
          .text(symbolName, symbol.getBytes(StandardCharsets.US_ASCII))
          .none(companyName)
          .endObject();
    }
    return Answer.json(json.end(), null);
  }

  private static @Nullable String symbolOf(Map<String, String> query) {
    String symbol = query.getOrDefault("symbol", "").trim();
    return symbol.isEmpty() ? null : symbol.toUpperCase(Locale.ROOT);
  }

  private static @Nullable LocalDate date(Map<String, String> query, String name) {
    String text = query.getOrDefault(name, "");
    return text.isEmpty() ? null : LocalDate.parse(text);
  }
}
