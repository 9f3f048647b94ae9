package ai.finks.simulators.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Generated client portfolios over the shipped bars: 10 clients, 20 portfolios, five years.
 *
 * <p>Nothing here is real: clients, accounts and transactions come from a fixed seed, the same
 * bytes on every machine. Only symbols, days and prices are those of the bars; quantities are
 * split-adjusted as they are. Cash and positions never fall below zero in trade order, whichever
 * corrections are applied.
 */
public final class DemoPortfolios {
  /** The name under which the export is usually written. */
  public static final String FILE_NAME = "transactions.ndjson";

  private static final long SEED = 20_130_208L;
  private static final int BUFFERED_CHARACTERS = 1 << 16;

  private final DemoBars bars;
  private @Nullable List<List<ClientTransaction>> histories;

  /** Over the bars of a demo-data folder. */
  public DemoPortfolios(Path demoData) {
    this(new DemoBars(demoData));
  }

  /** Over bars that may be read already. */
  public DemoPortfolios(DemoBars bars) {
    this.bars = bars;
  }

  /**
   * What was written.
   *
   * @param documents lines of the file
   * @param transactions different transactions among them
   * @param bytes size of the file
   */
  public record Export(int documents, int transactions, long bytes) {}

  /**
   * Writes the transactions as mongoexport would: one document per line, corrections and documents
   * that are sent twice included.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public Export writeTo(Path file) {
    List<ClientTransaction> documents = documents();
    try (OutputStream out = Files.newOutputStream(file)) {
      long bytes = 0;
      StringBuilder text = new StringBuilder(BUFFERED_CHARACTERS + 1024);
      for (ClientTransaction document : documents) {
        MongoExport.append(text, document);
        if (text.length() > BUFFERED_CHARACTERS) {
          bytes += flush(text, out);
        }
      }
      bytes += flush(text, out);
      return new Export(documents.size(), histories().size(), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int flush(StringBuilder text, OutputStream out) throws IOException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    text.setLength(0);
    return bytes.length;
  }

  /** Every document in the order of the export, repeated ones included. */
  public List<ClientTransaction> documents() {
    return new MongoExport(new Dice(SEED + 1)).ordered(histories());
  }

  /** One list of versions, oldest first, per transaction, in the order of their making. */
  public synchronized List<List<ClientTransaction>> histories() {
    if (histories == null) {
      histories = Collections.unmodifiableList(new PortfolioHistory(bars, SEED).generate());
    }
    return histories;
  }

  /** The newest version of every transaction. */
  public List<ClientTransaction> transactions() {
    List<ClientTransaction> newest = new ArrayList<>();
    for (List<ClientTransaction> versions : histories()) {
      newest.add(versions.get(versions.size() - 1));
    }
    return newest;
  }

  /** What every portfolio holds in the end, with all corrections, by portfolio id. */
  public SortedMap<String, Holding> holdings() {
    return holdingsOn(LocalDate.MAX);
  }

  /** What every portfolio holds after a trade date, with all corrections, by portfolio id. */
  public SortedMap<String, Holding> holdingsOn(LocalDate day) {
    SortedMap<String, Long> cash = new TreeMap<>();
    SortedMap<String, SortedMap<String, Long>> shares = new TreeMap<>();
    for (ClientTransaction transaction : transactions()) {
      if (transaction.tradeDate().isAfter(day)) {
        continue;
      }
      String portfolio = transaction.portfolio().id();
      cash.merge(portfolio, transaction.cashEffect(), Long::sum);
      SortedMap<String, Long> positions =
          shares.computeIfAbsent(portfolio, none -> new TreeMap<>());
      if (transaction.symbol() != null) {
        positions.merge(transaction.symbol(), transaction.shareEffect(), Long::sum);
      }
    }
    SortedMap<String, Holding> holdings = new TreeMap<>();
    shares.forEach(
        (portfolio, positions) ->
            holdings.put(
                portfolio,
                new Holding(
                    portfolio,
                    ClientTransaction.amount(cash.getOrDefault(portfolio, 0L)),
                    inShares(positions))));
    return holdings;
  }

  private static SortedMap<String, BigDecimal> inShares(SortedMap<String, Long> positions) {
    SortedMap<String, BigDecimal> shares = new TreeMap<>();
    positions.forEach(
        (symbol, quantity) -> {
          if (quantity != 0) {
            shares.put(symbol, ClientTransaction.shares(quantity));
          }
        });
    return Collections.unmodifiableSortedMap(shares);
  }
}
