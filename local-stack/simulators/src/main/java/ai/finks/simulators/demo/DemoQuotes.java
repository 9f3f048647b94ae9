package ai.finks.simulators.demo;

import java.nio.file.Path;

/**
 * The shipped quotes: whole snapshots of every US-listed stock, one JSON object per line, zstd.
 *
 * <p>A line is {@code {snapshot_time, commit, symbol, name, price, marketCap, volume, industry}},
 * every value a JSON string; {@code snapshot_time} carries its own offset; {@code marketCap} and
 * {@code industry} may be empty.
 */
public final class DemoQuotes {
  /** The file's name in the demo-data folder. */
  public static final String FILE_NAME = "quotes.ndjson.zst";

  /** Lines of the file. */
  public static final int COUNT = 101_122;

  /** Lines whose market capitalisation is empty text. */
  public static final int EMPTY_MARKET_CAPS = 6_679;

  /** Snapshots in the file; one symbol occurs at most once in each. */
  public static final int SNAPSHOTS = 19;

  private final Path file;

  /** The quotes in a demo-data folder. */
  public DemoQuotes(Path demoData) {
    this.file = demoData.resolve(FILE_NAME);
  }

  /** The file, zstd-compressed. */
  public Path file() {
    return file;
  }

  /** The number of quotes in the file. */
  public int count() {
    return COUNT;
  }
}
