package ai.finks.simulators.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns transactions into lines as mongoexport writes them: relaxed extended JSON, one document per
 * line, mostly in the order in which they were written.
 */
final class MongoExport {
  private static final int MOVED_PER_THOUSAND = 10;
  private static final int SWAPPED_PER_THOUSAND = 100;
  private static final int REPEATED_PER_THOUSAND = 15;
  private static final int FARTHEST_MOVE = 400;
  private static final int FARTHEST_REPEAT = 3_000;

  private final Dice dice;

  MongoExport(Dice dice) {
    this.dice = dice;
  }

  private record Placed(ClientTransaction document, long place) {}

  /** Every version in the order of the export, those that are sent again included. */
  List<ClientTransaction> ordered(List<List<ClientTransaction>> histories) {
    List<ClientTransaction> written = new ArrayList<>();
    for (List<ClientTransaction> versions : histories) {
      written.addAll(versions);
    }
    written.sort(
        Comparator.comparing(ClientTransaction::updatedAt).thenComparing(ClientTransaction::id));
    List<Placed> placed = new ArrayList<>(written.size() * 51 / 50);
    for (int i = 0; i < written.size(); i++) {
      long place = i;
      if (dice.chance(MOVED_PER_THOUSAND)) {
        place += dice.between(1, FARTHEST_MOVE);
      }
      placed.add(new Placed(written.get(i), place));
      if (dice.chance(REPEATED_PER_THOUSAND)) {
        placed.add(new Placed(written.get(i), i + (long) dice.between(1, FARTHEST_REPEAT)));
      }
    }
    placed.sort(Comparator.comparingLong(Placed::place));
    List<ClientTransaction> documents =
        new ArrayList<>(placed.stream().map(Placed::document).toList());
    letCorrectionsOvertake(documents);
    return documents;
  }

  /** Some corrections come before what they correct: the two documents change places. */
  private void letCorrectionsOvertake(List<ClientTransaction> documents) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      ClientTransaction document = documents.get(i);
      Integer before = first.putIfAbsent(document.id(), i);
      if (before != null
          && documents.get(before).updatedAt().isBefore(document.updatedAt())
          && dice.chance(SWAPPED_PER_THOUSAND)) {
        documents.set(i, documents.get(before));
        documents.set(before, document);
      }
    }
  }

  /** Appends one document with its line end. */
  static void append(StringBuilder out, ClientTransaction document) {
    DemoPortfolio portfolio = document.portfolio();
    out.append('{');
    text(out, "_id", document.id());
    text(out.append(','), "portfolioId", portfolio.id());
    text(out.append(','), "clientId", portfolio.clientId());
    text(out.append(','), "clientName", portfolio.clientName());
    text(out.append(','), "clientEmail", portfolio.clientEmail());
    text(out.append(','), "accountNumber", portfolio.accountNumber());
    text(out.append(','), "type", document.type().documentName());
    text(out.append(','), "status", document.cancelled() ? "cancelled" : "booked");
    text(out.append(','), "symbol", document.symbol());
    decimal(out, "quantity", sharesOrNull(document.quantity()));
    decimal(out, "price", sharesOrNull(document.price()));
    boolean noGross = document.gross() == ClientTransaction.NO_AMOUNT;
    decimal(out, "grossAmount", noGross ? null : ClientTransaction.amount(document.gross()));
    decimal(out, "fee", ClientTransaction.amount(document.fee()));
    decimal(out, "netAmount", ClientTransaction.amount(document.net()));
    text(out.append(','), "currency", "USD");
    text(out.append(','), "tradeDate", document.tradeDate().toString());
    out.append(",\"executedAt\":{\"$date\":\"").append(document.executedAt()).append("\"}");
    out.append(",\"updatedAt\":{\"$date\":\"").append(document.updatedAt()).append("\"}");
    DemoPortfolio counterparty = document.counterparty();
    if (counterparty != null) {
      text(out.append(','), "counterpartyPortfolioId", counterparty.id());
    }
    if (document.note() != null) {
      text(out.append(','), "note", document.note());
    }
    out.append("}\n");
  }

  private static @Nullable BigDecimal sharesOrNull(long value) {
    return value == 0 ? null : ClientTransaction.shares(value);
  }

  /** No text here needs an escape. */
  private static void text(StringBuilder out, String name, @Nullable String value) {
    out.append('"').append(name).append("\":");
    if (value == null) {
      out.append("null");
    } else {
      out.append('"').append(value).append('"');
    }
  }

  private static void decimal(StringBuilder out, String name, @Nullable BigDecimal value) {
    out.append(",\"").append(name).append("\":");
    if (value == null) {
      out.append("null");
    } else {
      out.append("{\"$numberDecimal\":\"").append(value.toPlainString()).append("\"}");
    }
  }
}
