package ai.finks.simulators.demo;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shipped daily bars of S&amp;P 500 companies, 2013-02-08 to 2018-02-07, split-adjusted.
 *
 * <p>The file is zstd-compressed CSV, ordered by symbol (by code unit) and date. It is read once,
 * when first asked for, and held as arrays per symbol (about 20 MB). Safe for use by many threads.
 */
public final class DemoBars {
  /** The file's name in the demo-data folder. */
  public static final String FILE_NAME = "sp500-bars.csv.zst";

  /** The file's header row. */
  public static final String HEADER = "date,open,high,low,close,volume,Name";

  /** Bars in the file. */
  public static final int ROWS = 619_040;

  /** Symbols in the file. */
  public static final int SYMBOLS = 505;

  /** Bars with a missing open, high or low. */
  public static final int ROWS_WITH_NULLS = 11;

  /** Complete bars whose open or close lies outside of low to high. */
  public static final int ROWS_OUT_OF_RANGE = 12;

  private final Path file;
  private @Nullable NavigableMap<String, SymbolBars> bySymbol;

  /** The bars in a demo-data folder; nothing is read yet. */
  public DemoBars(Path demoData) {
    this.file = demoData.resolve(FILE_NAME);
  }

  /** The file, zstd-compressed CSV. */
  public Path file() {
    return file;
  }

  /** All symbols, in order. */
  public List<String> symbols() {
    return List.copyOf(bySymbol().keySet());
  }

  /** The bars of one symbol, oldest first; empty for a symbol that is not in the file. */
  public Optional<SymbolBars> of(String symbol) {
    return Optional.ofNullable(bySymbol().get(symbol));
  }

  /** The number of bars of all symbols. */
  public int rows() {
    return bySymbol().values().stream().mapToInt(SymbolBars::size).sum();
  }

  /**
   * All bars by symbol.
   *
   * @throws UncheckedIOException if the file is missing or is not what it should be
   */
  public synchronized NavigableMap<String, SymbolBars> bySymbol() {
    if (bySymbol == null) {
      bySymbol = Collections.unmodifiableNavigableMap(read());
    }
    return bySymbol;
  }

  private TreeMap<String, SymbolBars> read() {
    try {
      byte[] packed = Files.readAllBytes(file);
      long size = Zstd.getFrameContentSize(packed);
      if (size <= 0 || size > Integer.MAX_VALUE) {
        throw new IOException(file + " is not a zstd file that states its size");
      }
      return new BarsCsv(file, Zstd.decompress(packed, (int) size)).parse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the decompressed CSV in one pass over its bytes. */
  private static final class BarsCsv {
    private final Path file;
    private final byte[] text;
    private int position;
    private int line = 1;

    BarsCsv(Path file, byte[] text) {
      this.file = file;
      this.text = text;
    }

    TreeMap<String, SymbolBars> parse() throws IOException {
      byte[] header = (HEADER + "\n").getBytes(StandardCharsets.US_ASCII);
      if (text.length < header.length
          || !new String(text, 0, header.length, StandardCharsets.US_ASCII).equals(HEADER + "\n")) {
        throw new IOException(file + " does not begin with the header " + HEADER);
      }
      position = header.length;
      TreeMap<String, SymbolBars> bars = new TreeMap<>();
      SymbolBars.Builder current = new SymbolBars.Builder("");
      while (position < text.length) {
        line++;
        int row = position;
        int nameStart = lastFieldOf(row);
        int nameEnd = endOfLine(nameStart);
        if (!current.isFor(text, nameStart, nameEnd)) {
          addTo(bars, current);
          String symbol =
              new String(text, nameStart, nameEnd - nameStart, StandardCharsets.US_ASCII);
          current = new SymbolBars.Builder(symbol);
        }
        position = row;
        current.add(date(), price(), price(), price(), price(), volume());
        position = nameEnd + 1;
      }
      addTo(bars, current);
      return bars;
    }

    private void addTo(TreeMap<String, SymbolBars> bars, SymbolBars.Builder done)
        throws IOException {
      if (done.isEmpty()) {
        return;
      }
      SymbolBars built = done.build();
      if (bars.put(built.symbol(), built) != null) {
        throw new IOException(file + " is not ordered by symbol at line " + line);
      }
    }

    private int lastFieldOf(int row) throws IOException {
      int commas = 0;
      for (int i = row; i < text.length; i++) {
        if (text[i] == ',' && ++commas == 6) {
          return i + 1;
        }
      }
      throw wrong("too few columns");
    }

    private int endOfLine(int from) throws IOException {
      for (int i = from; i < text.length; i++) {
        if (text[i] == '\n') {
          return i;
        }
      }
      throw wrong("no line end");
    }

    /** yyyy-MM-dd as an epoch day. */
    private int date() throws IOException {
      int year = digits(4);
      expect('-');
      int month = digits(2);
      expect('-');
      int day = digits(2);
      expect(',');
      return (int) LocalDate.of(year, month, day).toEpochDay();
    }

    private int digits(int count) throws IOException {
      int value = 0;
      for (int i = 0; i < count; i++) {
        int digit = text[position++] - '0';
        if (digit < 0 || digit > 9) {
          throw wrong("not a digit");
        }
        value = value * 10 + digit;
      }
      return value;
    }

    private void expect(char wanted) throws IOException {
      if (text[position++] != wanted) {
        throw wrong("expected " + wanted);
      }
    }

    /** A decimal of at most four places in ten-thousandths, or the marker of a missing one. */
    private int price() throws IOException {
      if (text[position] == ',') {
        position++;
        return SymbolBars.MISSING;
      }
      int value = 0;
      int places = -1;
      for (; text[position] != ','; position++) {
        byte c = text[position];
        if (c == '.' && places < 0) {
          places = 0;
        } else if (c >= '0' && c <= '9') {
          value = Math.addExact(Math.multiplyExact(value, 10), c - '0');
          places += places < 0 ? 0 : 1;
        } else {
          throw wrong("not a price");
        }
      }
      position++;
      for (int i = Math.max(places, 0); i < SymbolBars.PRICE_SCALE; i++) {
        value = Math.multiplyExact(value, 10);
      }
      if (places > SymbolBars.PRICE_SCALE) {
        throw wrong("a price of more than four places");
      }
      return value;
    }

    private long volume() throws IOException {
      long value = 0;
      for (; text[position] != ','; position++) {
        if (text[position] < '0' || text[position] > '9') {
          throw wrong("not a volume");
        }
        value = value * 10 + (text[position] - '0');
      }
      return value;
    }

    private IOException wrong(String what) {
      return new IOException(file + ", line " + line + ": " + what);
    }
  }
}
