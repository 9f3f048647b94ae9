package ai.finks.adapters.fmp;

import ai.finks.adapters.core.DateRange;
import ai.finks.adapters.core.Settings;
import ai.finks.adapters.journal.RunSummary;
import ai.finks.adapters.journal.RunUnit;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for. Immutable.
 *
 * @param entity what
 * @param symbols of which symbols, as FMP writes them; no doubles
 * @param from first day, for entities with days
 * @param to last day; null for the day on which the run begins
 * @param chunkDays days of one call
 */
public record FmpRequest(
    Entity entity,
    List<String> symbols,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    int chunkDays) {

  /** What FMP is asked for. */
  public enum Entity {
    /** Daily bars, by symbol and days. */
    BARS("bars", "/stable/historical-price-eod/full", true),
    /** The newest quote, by symbol. */
    QUOTES("quotes", "/stable/quote", false);

    final String entityName;
    final String path;
    final boolean dated;

    Entity(String entityName, String path, boolean dated) {
      this.entityName = entityName;
      this.path = path;
      this.dated = dated;
    }

    /**
     * The entity of an adapter's name, such as {@code fmp.bars}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Entity named(String adapter) {
      for (Entity entity : values()) {
        if (adapter.equals("fmp." + entity.entityName)) {
          return entity;
        }
      }
      throw new IllegalArgumentException(adapter + ": there are fmp.bars and fmp.quotes");
    }
  }

  // FMP answers with 5,000 rows at most; five years have some 1,260 trading days.
  private static final int DEFAULT_CHUNK_DAYS = 1826;
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9.^=_/-]{1,32}");

  public FmpRequest {
    symbols = List.copyOf(new LinkedHashSet<>(symbols));
    if (symbols.isEmpty()) {
      throw new IllegalArgumentException("fmp." + entity.entityName + " needs symbols");
    }
    for (String symbol : symbols) {
      if (!SYMBOL.matcher(symbol).matches()) {
        throw Settings.refused("symbols", symbol, "symbols like AAPL or BRK-B");
      }
    }
    if (entity.dated && from == null) {
      throw new IllegalArgumentException("fmp." + entity.entityName + " needs from, a date");
    }
    if (!entity.dated && (from != null || to != null)) {
      throw new IllegalArgumentException("fmp." + entity.entityName + " has no from and to");
    }
    if (from != null && to != null) {
      new DateRange(from, to);
    }
  }

  /** Daily bars from a day to a day; {@code to} may be null for today. */
  public static FmpRequest bars(List<String> symbols, LocalDate from, @Nullable LocalDate to) {
    return new FmpRequest(Entity.BARS, symbols, from, to, DEFAULT_CHUNK_DAYS);
  }

  /** The newest quotes. */
  public static FmpRequest quotes(List<String> symbols) {
    return new FmpRequest(Entity.QUOTES, symbols, null, null, DEFAULT_CHUNK_DAYS);
  }

  /**
   * Reads {@code symbols} (separated by commas or white space), {@code from}, {@code to}, {@code
   * chunk-days}; the form that {@link #args()} gives, but for its {@code service}.
   *
   * @throws IllegalArgumentException naming key and value
   */
  public static FmpRequest of(Entity entity, Map<String, String> values) {
    Settings settings = new Settings("fmp." + entity.entityName, values);
    List<String> symbols =
        List.of(settings.required("symbols").strip().split("[\\s,]+")).stream()
            .filter(symbol -> !symbol.isEmpty())
            .toList();
    FmpRequest request =
        new FmpRequest(
            entity,
            symbols,
            date(settings, "from"),
            date(settings, "to"),
            entity.dated ? settings.number("chunk-days", DEFAULT_CHUNK_DAYS, 1) : 1);
    settings.refuseTheRest();
    return request;
  }

  /**
   * What a run was started with.
   *
   * @throws IllegalArgumentException when it is not a run of FMP
   */
  public static FmpRequest ofRun(RunSummary run) {
    Map<String, String> values = new TreeMap<>(run.args());
    values.remove("service");
    return of(Entity.named(run.adapter()), values);
  }

  private static @Nullable LocalDate date(Settings settings, String key) {
    String value = settings.optional(key);
    try {
      return value == null ? null : LocalDate.parse(value);
    } catch (DateTimeParseException e) {
      throw Settings.refused(key, value, "a date like 2024-01-31");
    }
  }

  /** What makes two requests the same, as text. */
  Map<String, String> args() {
    Map<String, String> args = new TreeMap<>();
    args.put("symbols", String.join(",", symbols));
    if (entity.dated) {
      args.put("from", String.valueOf(from));
      args.put("chunk-days", String.valueOf(chunkDays));
    }
    if (to != null) {
      args.put("to", to.toString());
    }
    return args;
  }

  /** One unit per call. The parameters are the call's own. */
  List<RunUnit> units(LocalDate today) {
    List<RunUnit> units = new ArrayList<>();
    for (String symbol : symbols) {
      if (from == null) {
        units.add(new RunUnit(symbol, Map.of("symbol", symbol)));
        continue;
      }
      List<DateRange> chunks = new DateRange(from, to == null ? today : to).chunks(chunkDays);
      for (DateRange chunk : chunks) {
        units.add(
            new RunUnit(
                chunks.size() == 1 ? symbol : symbol + " " + chunk,
                Map.of(
                    "symbol", symbol,
                    "from", chunk.from().toString(),
                    "to", chunk.to().toString())));
      }
    }
    return units;
  }
}
