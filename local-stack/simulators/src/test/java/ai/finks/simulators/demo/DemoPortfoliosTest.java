package ai.finks.simulators.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoPortfoliosTest {
  private static final DemoBars BARS = new DemoBars(DemoFolder.ofCheckout());
  private static final DemoPortfolios PORTFOLIOS = new DemoPortfolios(BARS);
  private static final Set<LocalDate> TRADING_DAYS = tradingDays();

  @TempDir Path folder;

  @Test
  void theExportIsTheSameBytesEverywhere() throws Exception {
    Path file = folder.resolve(DemoPortfolios.FILE_NAME);

    DemoPortfolios.Export export = new DemoPortfolios(BARS).writeTo(file);

    byte[] bytes = Files.readAllBytes(file);
    assertThat(export.bytes()).isEqualTo(bytes.length);
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
        .isEqualTo("45db44e97be66ac40b952fe7515c36e76999e00d52c5f9bccbcd8c9fd827cb63");
    assertThat(export).isEqualTo(new DemoPortfolios.Export(68_797, 66_386, 37_306_653));
  }

  @Test
  void tenClientsHaveTwoPortfoliosEachAndEveryKindOfTransaction() {
    Map<String, Set<String>> portfolios =
        PORTFOLIOS.transactions().stream()
            .map(ClientTransaction::portfolio)
            .collect(
                Collectors.groupingBy(
                    DemoPortfolio::clientId,
                    Collectors.mapping(DemoPortfolio::id, Collectors.toSet())));

    assertThat(portfolios).hasSize(10);
    assertThat(portfolios.values()).allSatisfy(ids -> assertThat(ids).hasSize(2));
    assertThat(PORTFOLIOS.transactions().size()).isGreaterThanOrEqualTo(50_000);
    assertThat(counts(ClientTransaction::type))
        .containsOnlyKeys(EnumSet.allOf(TransactionType.class))
        .allSatisfy((type, count) -> assertThat(count).as(type.name()).isGreaterThan(200));
  }

  @Test
  void nothingFallsBelowZeroWhenNoCorrectionIsKnown() {
    replay(versions -> versions.get(0));
  }

  @Test
  void nothingFallsBelowZeroWhenEveryCorrectionIsKnown() {
    replay(versions -> versions.get(versions.size() - 1));
  }

  @Test
  void nothingFallsBelowZeroWhenEveryOtherCorrectionIsKnown() {
    int[] number = {0};

    replay(versions -> versions.get(versions.size() > 1 ? number[0]++ % versions.size() : 0));
  }

  @Test
  void holdingsAreWhatTheDocumentsAddUpTo() throws Exception {
    Path file = folder.resolve(DemoPortfolios.FILE_NAME);
    PORTFOLIOS.writeTo(file);
    SortedMap<String, BigDecimal> cash = new TreeMap<>();
    SortedMap<String, SortedMap<String, BigDecimal>> positions = new TreeMap<>();

    for (JsonNode document : newestById(file)) {
      if (document.get("status").asText().equals("cancelled")) {
        continue;
      }
      String portfolio = document.get("portfolioId").asText();
      cash.merge(portfolio, decimal(document, "netAmount"), BigDecimal::add);
      if (document.get("quantity").isObject()) {
        positions
            .computeIfAbsent(portfolio, none -> new TreeMap<>())
            .merge(document.get("symbol").asText(), decimal(document, "quantity"), BigDecimal::add);
      }
    }

    assertThat(PORTFOLIOS.holdings()).hasSize(20).containsOnlyKeys(cash.keySet());
    PORTFOLIOS
        .holdings()
        .forEach(
            (portfolio, holding) -> {
              assertThat(holding.cash()).isEqualByComparingTo(cash.get(portfolio));
              positions.get(portfolio).values().removeIf(shares -> shares.signum() == 0);
              assertThat(holding.positions()).containsOnlyKeys(positions.get(portfolio).keySet());
              holding
                  .positions()
                  .forEach(
                      (symbol, shares) ->
                          assertThat(shares)
                              .isEqualByComparingTo(positions.get(portfolio).get(symbol)));
            });
  }

  @Test
  void everyTradeIsAtAPriceOfItsDay() {
    for (ClientTransaction trade : everyVersion()) {
      if (trade.type().isTrade()) {
        SymbolBars bars = BARS.of(trade.symbol()).orElseThrow();
        int bar = bars.barOn((int) trade.tradeDate().toEpochDay());
        assertThat(bar).as("bar of %s", trade).isNotNegative();
        assertThat(bars.isValid(bar)).isTrue();
        assertThat(trade.price()).isBetween(bars.low(bar), bars.high(bar));
      }
    }
  }

  @Test
  void signsAndSumsFollowTheType() {
    for (ClientTransaction one : everyVersion()) {
      assertThat(one.fee()).isNotNegative();
      switch (one.type()) {
        case BUY -> {
          assertThat(one.quantity()).isPositive();
          assertThat(one.net()).isNegative().isEqualTo(-one.gross() - one.fee());
        }
        case SELL -> {
          assertThat(one.quantity()).isNegative();
          assertThat(one.net()).isPositive().isEqualTo(one.gross() - one.fee());
        }
        case DIVIDEND, DEPOSIT -> assertThat(one.net()).isPositive().isEqualTo(one.gross());
        case FEE, WITHDRAWAL -> assertThat(one.net()).isNegative().isEqualTo(-one.gross());
        case TRANSFER_IN, TRANSFER_OUT -> {
          assertThat(one.quantity() > 0).isEqualTo(one.type() == TransactionType.TRANSFER_IN);
          assertThat(one.net()).isZero();
          assertThat(one.price()).isZero();
          assertThat(one.counterparty()).isNotNull();
        }
      }
      boolean moves = one.type().isTrade() || one.type().isTransfer();
      assertThat(one.quantity() != 0).isEqualTo(moves);
    }
  }

  @Test
  void everyTransferLeavesOnePortfolioAndReachesAnother() {
    Map<String, Long> moved = new HashMap<>();
    for (ClientTransaction one : PORTFOLIOS.transactions()) {
      if (one.type().isTransfer()) {
        assertThat(one.counterparty().clientId()).isEqualTo(one.portfolio().clientId());
        String pair = one.executedAt() + " " + one.symbol() + " " + one.portfolio().clientId();
        moved.merge(pair, one.quantity(), Long::sum);
      }
    }

    assertThat(moved.values()).isNotEmpty().allMatch(sum -> sum == 0);
  }

  @Test
  void tradesFallIntoTradingHoursAndSomeMoneyMovesOnClosedDays() {
    int closed = 0;
    for (ClientTransaction one : PORTFOLIOS.transactions()) {
      LocalTime time = one.executedAt().atZone(ClientTransaction.NEW_YORK).toLocalTime();
      if (TRADING_DAYS.contains(one.tradeDate())) {
        assertThat(time).isBetween(LocalTime.of(9, 30), LocalTime.of(16, 0));
      } else {
        closed++;
        assertThat(one.type()).isIn(TransactionType.DEPOSIT, TransactionType.WITHDRAWAL);
      }
    }

    assertThat(closed).isGreaterThan(100);
    assertThat(PORTFOLIOS.transactions())
        .anyMatch(one -> one.tradeDate().getDayOfWeek() == DayOfWeek.SUNDAY);
  }

  @Test
  void everyPortfolioBeginsWithADeposit() {
    Map<String, ClientTransaction> first = new HashMap<>();
    for (ClientTransaction one : inTradeOrder(PORTFOLIOS.transactions())) {
      first.putIfAbsent(one.portfolio().id(), one);
    }

    assertThat(first.values())
        .allSatisfy(one -> assertThat(one.type()).isEqualTo(TransactionType.DEPOSIT));
  }

  @Test
  void correctionsRepetitionsAndDisorderAreThere() {
    List<ClientTransaction> documents = PORTFOLIOS.documents();
    Set<ClientTransaction> different = new HashSet<>(documents);
    int disorder = 0;
    int overtaken = 0;
    Map<String, ClientTransaction> latest = new HashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      ClientTransaction document = documents.get(i);
      if (i > 0 && document.updatedAt().isBefore(documents.get(i - 1).updatedAt())) {
        disorder++;
      }
      ClientTransaction before = latest.merge(document.id(), document, newer());
      overtaken += before.updatedAt().isAfter(document.updatedAt()) ? 1 : 0;
    }

    assertThat(different.equals(new HashSet<>(everyVersion()))).isTrue();
    assertThat(documents.size() - different.size()).isBetween(500, 1_500);
    assertThat(different.size() - PORTFOLIOS.transactions().size()).isBetween(800, 2_000);
    assertThat(disorder).isBetween(500, 3_000);
    assertThat(overtaken).isGreaterThan(50);
    assertThat(everyVersion().stream().filter(ClientTransaction::cancelled).count())
        .isGreaterThan(200);
  }

  @Test
  void noTwoTransactionsOfAPortfolioAreAtTheSameInstant() {
    Set<String> instants = new HashSet<>();

    assertThat(PORTFOLIOS.transactions())
        .allMatch(one -> instants.add(one.portfolio().id() + one.executedAt()));
  }

  @Test
  void everyCorrectionKeepsWhatItMustAndComesLater() {
    for (List<ClientTransaction> versions : PORTFOLIOS.histories()) {
      for (int i = 1; i < versions.size(); i++) {
        ClientTransaction before = versions.get(i - 1);
        ClientTransaction after = versions.get(i);
        assertThat(after.updatedAt()).isAfter(before.updatedAt());
        assertThat(after.executedAt()).isEqualTo(before.executedAt());
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.portfolio()).isEqualTo(before.portfolio());
        assertThat(after.symbol()).isEqualTo(before.symbol());
      }
    }
  }

  @Test
  void documentsHaveTheShapeOfAMongoExport() throws Exception {
    Path file = folder.resolve(DemoPortfolios.FILE_NAME);
    PORTFOLIOS.writeTo(file);

    List<String> lines = Files.readAllLines(file);
    assertThat(lines)
        .contains(
            """
            {"_id":"TX10000003","portfolioId":"PF-1002","clientId":"CL-101","clientName":"Amara Okonjo-Lindqvist","clientEmail":"amara.okonjo-lindqvist@example.com","accountNumber":"3186-9546-6611"\
            ,"type":"deposit","status":"booked","symbol":null,"quantity":null,"price":null,"grossAmount":{"$numberDecimal":"468000.00"},"fee":{"$numberDecimal":"0.00"},"netAmount":{"$numberDecimal":"468000.00"}\
            ,"currency":"USD","tradeDate":"2013-02-08","executedAt":{"$date":"2013-02-08T14:30:19Z"},"updatedAt":{"$date":"2013-02-08T14:31:13.669Z"},"note":"generated: opening deposit"}""",
            """
            {"_id":"TX10000007","portfolioId":"PF-1002","clientId":"CL-101","clientName":"Amara Okonjo-Lindqvist","clientEmail":"amara.okonjo-lindqvist@example.com","accountNumber":"3186-9546-6611"\
            ,"type":"sell","status":"booked","symbol":"EOG","quantity":{"$numberDecimal":"-25.6763"},"price":{"$numberDecimal":"66.506"},"grossAmount":{"$numberDecimal":"1707.63"},"fee":{"$numberDecimal":"4.95"},"netAmount":{"$numberDecimal":"1702.68"}\
            ,"currency":"USD","tradeDate":"2013-02-11","executedAt":{"$date":"2013-02-11T14:40:31Z"},"updatedAt":{"$date":"2013-02-11T14:40:43.524Z"}}""",
            """
            {"_id":"TX10000235","portfolioId":"PF-1001","clientId":"CL-101","clientName":"Amara Okonjo-Lindqvist","clientEmail":"amara.okonjo-lindqvist@example.com","accountNumber":"4288-2116-1709"\
            ,"type":"transfer_out","status":"booked","symbol":"AAPL","quantity":{"$numberDecimal":"-165"},"price":null,"grossAmount":null,"fee":{"$numberDecimal":"0.00"},"netAmount":{"$numberDecimal":"0.00"}\
            ,"currency":"USD","tradeDate":"2013-03-11","executedAt":{"$date":"2013-03-11T13:49:54Z"},"updatedAt":{"$date":"2013-03-11T13:50:20.727Z"},"counterpartyPortfolioId":"PF-1002"}""");
  }

  private static void replay(Function<List<ClientTransaction>, ClientTransaction> version) {
    List<ClientTransaction> history = new ArrayList<>();
    for (List<ClientTransaction> versions : PORTFOLIOS.histories()) {
      history.add(version.apply(versions));
    }
    Map<String, Long> balances = new HashMap<>();
    for (ClientTransaction one : inTradeOrder(history)) {
      String portfolio = one.portfolio().id();
      assertThat(balances.merge(portfolio, one.cashEffect(), Long::sum))
          .as("cash after %s", one)
          .isNotNegative();
      if (one.symbol() != null) {
        assertThat(balances.merge(portfolio + one.symbol(), one.shareEffect(), Long::sum))
            .as("position after %s", one)
            .isNotNegative();
      }
    }
  }

  private static List<ClientTransaction> inTradeOrder(Collection<ClientTransaction> history) {
    List<ClientTransaction> ordered = new ArrayList<>(history);
    ordered.sort(
        Comparator.comparing(ClientTransaction::executedAt).thenComparing(ClientTransaction::id));
    return ordered;
  }

  private static List<ClientTransaction> everyVersion() {
    return PORTFOLIOS.histories().stream().flatMap(List::stream).toList();
  }

  private static <K> Map<K, Integer> counts(Function<ClientTransaction, K> by) {
    return PORTFOLIOS.transactions().stream()
        .collect(Collectors.groupingBy(by, Collectors.summingInt(one -> 1)));
  }

  private static BinaryOperator<ClientTransaction> newer() {
    return (left, right) -> right.updatedAt().isAfter(left.updatedAt()) ? right : left;
  }

  private static Collection<JsonNode> newestById(Path file) throws Exception {
    JsonMapper json = new JsonMapper();
    Map<String, JsonNode> newest = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode document = json.readTree(line);
      newest.merge(
          document.get("_id").asText(),
          document,
          (left, right) -> updated(right).compareTo(updated(left)) > 0 ? right : left);
    }
    return newest.values();
  }

  private static Instant updated(JsonNode document) {
    return Instant.parse(document.get("updatedAt").get("$date").asText());
  }

  private static BigDecimal decimal(JsonNode document, String field) {
    return new BigDecimal(document.get(field).get("$numberDecimal").asText());
  }

  private static Set<LocalDate> tradingDays() {
    Set<LocalDate> days = new HashSet<>();
    SymbolBars apple = BARS.of("AAPL").orElseThrow();
    for (int bar = 0; bar < apple.size(); bar++) {
      days.add(apple.date(bar));
    }
    return days;
  }
}
