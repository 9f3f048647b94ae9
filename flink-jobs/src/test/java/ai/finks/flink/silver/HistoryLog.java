package ai.finks.flink.silver;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was sent in a history, and what the tables must hold of it in the end: the same as if each
 * partition's log had been taken once, from its beginning to its end, by a job that never fell.
 *
 * <p>The version rule is written down here a second time, over plain maps.
 */
final class HistoryLog {

  /** One message, and what it means. */
  static final class Message {
    final byte[] wire;
    private final @Nullable Trade trade;
    private final String refusal;

    private Message(byte[] wire, @Nullable Trade trade, String refusal) {
      this.wire = wire;
      this.trade = trade;
      this.refusal = refusal;
    }
  }

  private static final class Trade {
    final String id;
    final int month;
    final long cents;
    final long version;
    final String batch;
    final long sequence;

    Trade(String id, int month, long cents, long version, String batch, long sequence) {
      this.id = id;
      this.month = month;
      this.cents = cents;
      this.version = version;
      this.batch = batch;
      this.sequence = sequence;
    }

    boolean isNewerThan(Trade other) {
      if (version != other.version) {
        return version > other.version;
      }
      int batches = batch.compareTo(other.batch);
      return batches != 0 ? batches > 0 : sequence > other.sequence;
    }

    boolean hasContentOf(Trade other) {
      return cents == other.cents && month == other.month;
    }
  }

  private static final int KEYS_PER_PARTITION = 6;

  private final Random random;
  private final List<List<Message>> partitions = new ArrayList<>();
  private long sequence;
  private long clock = 1_738_702_800_000_000L;

  HistoryLog(Random random, int partitionCount) {
    this.random = random;
    for (int p = 0; p < partitionCount; p++) {
      partitions.add(new ArrayList<>());
    }
  }

  int partitionCount() {
    return partitions.size();
  }

  List<Message> partition(int partition) {
    return partitions.get(partition);
  }

  /** A trade whose key may be known already, of this moment. */
  int send() {
    clock += 1 + random.nextInt(1000);
    return append(trade(anyPartition(), content(), clock));
  }

  /** An envelope that lies in the log already, sent again as it is. */
  int duplicate() {
    int partition = anyPartition();
    List<Message> log = partitions.get(partition);
    return log.isEmpty() ? send() : append(partition, log.get(random.nextInt(log.size())));
  }

  /** An envelope at a place of the log, sent again as it is to the same partition. */
  int sendAgain(int partition, int offset) {
    return append(partition, partitions.get(partition).get(offset));
  }

  /** A trade that is older or newer than what came before, with known or other content. */
  int restate() {
    return append(trade(anyPartition(), content(), clock - 2000 + random.nextInt(4000)));
  }

  /** Something that cannot become a row. */
  int corrupt() {
    int partition = anyPartition();
    switch (random.nextInt(4)) {
      case 0:
        return append(partition, new Message(new byte[] {9, 9, 9}, null, "ENVELOPE_UNDECODABLE"));
      case 1:
        byte[] cut = HistoryRecords.wire("{\"id\":\"", clock, "b", sequence++);
        return append(partition, new Message(cut, null, "PAYLOAD_MALFORMED"));
      case 2:
        byte[] text =
            HistoryRecords.wire(
                "{\"id\":\"x\",\"at\":\"2025-01-01T00:00:00Z\",\"amount\":\"much\","
                    + "\"client\":\"c\"}",
                clock,
                "b",
                sequence++);
        return append(partition, new Message(text, null, "TYPE_MISMATCH"));
      default:
        byte[] nothing = HistoryRecords.trade("x", 1, 0, clock, "b", sequence++);
        return append(partition, new Message(nothing, null, "CHECK_FAILED"));
    }
  }

  private int anyPartition() {
    return random.nextInt(partitions.size());
  }

  private long content() {
    return 100L * (1 + random.nextInt(3)) + (random.nextInt(8) == 0 ? 90_000 : 0);
  }

  private Trade tradeOf(int partition, long cents, long version) {
    String id = partition + "-" + random.nextInt(KEYS_PER_PARTITION);
    // A key may move to another month: that is another content.
    int at = random.nextInt(10);
    // January was long over when the clock of the histories began.
    int month = at == 0 ? 3 : at < 3 ? 1 : 2;
    return new Trade(id, month, cents, version, "b" + random.nextInt(3), sequence++);
  }

  private Map.Entry<Integer, Message> trade(int partition, long cents, long version) {
    Trade trade = tradeOf(partition, cents, version);
    byte[] wire =
        HistoryRecords.trade(
            trade.id, trade.month, trade.cents, trade.version, trade.batch, trade.sequence);
    return Map.entry(partition, new Message(wire, trade, ""));
  }

  private int append(Map.Entry<Integer, Message> message) {
    return append(message.getKey(), message.getValue());
  }

  /** Returns the partition. */
  private int append(int partition, Message message) {
    partitions.get(partition).add(message);
    return partition;
  }

  /** What the tables must tell. */
  static final class Expected {
    /** {@code partition/offset/id/month/amount/version}. */
    final List<String> rows = new ArrayList<>();

    /** The same without coordinates, of each key's newest version. */
    final Map<String, String> newest = new TreeMap<>();

    /** {@code partition/offset/reason}. */
    final List<String> refused = new ArrayList<>();

    /** Counts by partition; zeros are left out. */
    final Map<Integer, Map<String, Long>> counts = new TreeMap<>();

    private void count(int partition, String... names) {
      Map<String, Long> ofPartition = counts.computeIfAbsent(partition, p -> new TreeMap<>());
      for (String name : names) {
        ofPartition.merge(name, 1L, Long::sum);
      }
    }
  }

  Expected expected() {
    Expected expected = new Expected();
    for (int p = 0; p < partitions.size(); p++) {
      Map<String, Trade> known = new HashMap<>();
      List<Message> log = partitions.get(p);
      for (int offset = 0; offset < log.size(); offset++) {
        take(expected, known, p, offset, log.get(offset));
      }
    }
    return expected;
  }

  private static void take(
      Expected expected, Map<String, Trade> known, int partition, int offset, Message message) {
    Trade trade = message.trade;
    if (trade == null) {
      expected.count(partition, "read", "quarantine");
      expected.refused.add(partition + "/" + offset + "/" + message.refusal);
      return;
    }
    expected.count(partition, "read");
    Trade before = known.get(trade.id);
    boolean newer = before == null || trade.isNewerThan(before);
    if (newer) {
      known.put(trade.id, trade);
    }
    if (before != null && trade.hasContentOf(before)) {
      expected.count(partition, "duplicates", "duplicates_exact");
    } else if (!newer) {
      expected.count(partition, "duplicates", "duplicates_superseded");
    } else {
      expected.count(partition, "silver");
      if (trade.cents >= 90_000) {
        expected.count(partition, "warned");
      }
      String content = content(trade.id, trade.month, amount(trade), trade.version);
      expected.rows.add(partition + "/" + offset + "/" + content);
      expected.newest.put(trade.id, content);
    }
  }

  private static BigDecimal amount(Trade trade) {
    return BigDecimal.valueOf(trade.cents, 2);
  }

  static String content(String id, int month, BigDecimal amount, long version) {
    return id + "/" + month + "/" + amount + "/" + version;
  }
}
