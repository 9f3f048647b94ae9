package ai.finks.bench.history;

import ai.finks.simulators.demo.DemoBars;
import ai.finks.simulators.demo.SymbolBars;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * CSV files of one-minute bars, as {@code files.bars_intraday} takes them: one per trading day, the
 * minutes of all symbols in the order of time.
 *
 * <p>Symbols are those of the shipped daily bars. Beyond their number each goes round again as a
 * listing of its own, {@code AAPL/2}, since more symbols with a history are not shipped.
 */
public final class MinuteFiles {
  private static final int FIRST_MINUTE = 9 * 60 + 30;
  private static final String HEADER = "time,symbol,open,high,low,close,volume\n";
  private static final int FRACTION = 10_000;

  private final List<SymbolBars> histories;
  private final List<String> names;
  private final List<LocalDate> days;
  private final long seed;

  /**
   * Files of the last days of the shipped history.
   *
   * @param symbols how many
   * @param tradingDays how many, the last ones of the history
   */
  public MinuteFiles(DemoBars bars, int symbols, int tradingDays, long seed) {
    this.seed = seed;
    this.days = lastDays(bars, tradingDays);
    this.histories = new ArrayList<>();
    this.names = new ArrayList<>();
    List<SymbolBars> whole =
        bars.bySymbol().values().stream().filter(history -> isWhole(history, days)).toList();
    for (int at = 0; at < symbols; at++) {
      SymbolBars history = whole.get(at % whole.size());
      int round = at / whole.size();
      histories.add(history);
      names.add(round == 0 ? history.symbol() : history.symbol() + "/" + (round + 1));
    }
  }

  private static List<LocalDate> lastDays(DemoBars bars, int tradingDays) {
    SymbolBars calendar = bars.of("AAPL").orElseThrow();
    List<LocalDate> days = new ArrayList<>();
    for (int bar = calendar.size() - tradingDays; bar < calendar.size(); bar++) {
      days.add(calendar.date(bar));
    }
    return days;
  }

  private static boolean isWhole(SymbolBars history, List<LocalDate> days) {
    return days.stream()
        .allMatch(
            day -> {
              int bar = history.barOn((int) day.toEpochDay());
              return bar >= 0 && history.isValid(bar);
            });
  }

  /** The trading days, oldest first. */
  public List<LocalDate> days() {
    return days;
  }

  /** Bars in all files together. */
  public long bars() {
    return (long) names.size() * days.size() * MinuteModel.MINUTES;
  }

  /** Writes a file for each day, oldest first. */
  public List<Path> write(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (LocalDate day : days) {
      Path file = folder.resolve("minutes-" + day + ".csv.gz");
      try (OutputStream out =
          new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(file)), 1 << 16)) {
        writeDay(day, out);
      }
      files.add(file);
    }
    return files;
  }

  private void writeDay(LocalDate day, OutputStream out) throws IOException {
    List<MinuteModel> models = new ArrayList<>();
    for (int at = 0; at < names.size(); at++) {
      MinuteModel model = new MinuteModel(seed);
      SymbolBars history = histories.get(at);
      model.make(names.get(at), history, history.barOn((int) day.toEpochDay()));
      models.add(model);
    }
    out.write(HEADER.getBytes(StandardCharsets.US_ASCII));
    StringBuilder line = new StringBuilder();
    for (int minute = 0; minute < MinuteModel.MINUTES; minute++) {
      for (int at = 0; at < names.size(); at++) {
        line.setLength(0);
        row(line, day, minute, names.get(at), models.get(at));
        out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static void row(
      StringBuilder line, LocalDate day, int minute, String name, MinuteModel model) {
    int ofDay = FIRST_MINUTE + minute;
    line.append(day).append(' ');
    twoDigits(line, ofDay / 60);
    line.append(':');
    twoDigits(line, ofDay % 60);
    line.append(":00,").append(name).append(',');
    price(line, model.open(minute));
    price(line, model.high(minute));
    price(line, model.low(minute));
    price(line, model.close(minute));
    line.append(model.volume(minute)).append('\n');
  }

  private static void twoDigits(StringBuilder line, int number) {
    if (number < 10) {
      line.append('0');
    }
    line.append(number);
  }

  private static void price(StringBuilder line, int tenThousandths) {
    line.append(tenThousandths / FRACTION).append('.');
    String fraction = Integer.toString(FRACTION + tenThousandths % FRACTION);
    line.append(fraction, 1, fraction.length()).append(',');
  }
}
