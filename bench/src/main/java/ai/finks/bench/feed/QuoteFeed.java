package ai.finks.bench.feed;

import java.nio.charset.StandardCharsets;

/**
 * A seeded set of quotes of about 200 bytes of JSON each, addressed by index: any thread can make
 * any of them. Immutable.
 *
 * <p>Quotes lie 17 ms apart, so 5 million of them fill a day; symbols come in random order.
 */
public final class QuoteFeed {
  /** 2026-01-05T00:00:00Z. */
  static final long FIRST_EVENT_MILLIS = 1_767_571_200_000L;

  private static final long MILLIS_BETWEEN_QUOTES = 17;
  private static final int MILLION = 1_000_000;
  private static final int DUPLICATE_REACH = 5_000;
  private static final String[] EXCHANGES = {"XNAS", "XNYS", "ARCX", "BATS"};

  /** What a record is made to be. */
  public enum Kind {
    /** Good, and the first of its kind. */
    ORDINARY,
    /** The very bytes of an earlier ordinary record. */
    DUPLICATE,
    /** Cut off: no JSON. */
    MALFORMED,
    /** JSON, but its price is negative. */
    NEGATIVE
  }

  private final FeedSpec spec;
  private final long firstEventMillis;

  public QuoteFeed(FeedSpec spec) {
    this(spec, FIRST_EVENT_MILLIS);
  }

  /**
   * Quotes of another day.
   *
   * @param firstEventMillis when the first one was made, since 1970
   */
  public QuoteFeed(FeedSpec spec, long firstEventMillis) {
    this.spec = spec;
    this.firstEventMillis = firstEventMillis;
  }

  public FeedSpec spec() {
    return spec;
  }

  /** What the record at an index is. */
  public Kind kind(long index) {
    Kind drawn = drawn(index);
    return drawn == Kind.DUPLICATE && original(index) == index ? Kind.ORDINARY : drawn;
  }

  private Kind drawn(long index) {
    long lot = Long.remainderUnsigned(random(index, 1), MILLION);
    if (lot < spec.badPerMillion()) {
      return lot % 2 == 0 ? Kind.MALFORMED : Kind.NEGATIVE;
    }
    return lot < spec.badPerMillion() + spec.duplicatesPerMillion()
        ? Kind.DUPLICATE
        : Kind.ORDINARY;
  }

  /**
   * The record whose bytes a duplicate repeats; the record itself if it is no duplicate, or if none
   * before it can be repeated.
   */
  public long original(long index) {
    if (drawn(index) != Kind.DUPLICATE) {
      return index;
    }
    long candidate = index - 1 - Long.remainderUnsigned(random(index, 2), DUPLICATE_REACH);
    while (candidate >= 0 && drawn(candidate) != Kind.ORDINARY) {
      candidate--;
    }
    return candidate < 0 ? index : candidate;
  }

  /** Number of the symbol of the record at an index, from 0. */
  public int symbolNumber(long index) {
    return (int) Long.remainderUnsigned(random(original(index), 3), spec.symbols());
  }

  /** Shares traded, as in the payload: what tables are summed up by when they are checked. */
  public long volume(long index) {
    return 1_000_000 + Long.remainderUnsigned(random(original(index), 4), 90_000_000);
  }

  /** A symbol's text. */
  public static String symbol(int number) {
    char[] letters = new char[4];
    int rest = number;
    for (int i = letters.length - 1; i >= 0; i--) {
      letters[i] = (char) ('A' + rest % 26);
      rest /= 26;
    }
    return new String(letters);
  }

  /** The payload at an index; {@code text} is scratch space of the calling thread. */
  public byte[] payload(long index, StringBuilder text) {
    long original = original(index);
    long prices = random(original, 5);
    long sizes = random(original, 6);
    // Six decimals, 5 to 505.
    long bid = 5_000_000 + Long.remainderUnsigned(prices, 500_000_000);
    long spread = 100 + (prices >>> 57) * 100;
    Kind kind = drawn(original);
    text.setLength(0);
    text.append("{\"symbol\":\"").append(symbol(symbolNumber(original)));
    text.append("\",\"price\":").append(kind == Kind.NEGATIVE ? "-" : "");
    decimal(text, bid + spread / 2);
    text.append(",\"bid\":");
    decimal(text, bid);
    text.append(",\"ask\":");
    decimal(text, bid + spread);
    text.append(",\"bidSize\":").append(100 * (1 + (sizes & 0x3f)));
    text.append(",\"askSize\":").append(100 * (1 + (sizes >>> 6 & 0x3f)));
    text.append(",\"volume\":").append(volume(original));
    text.append(",\"exchange\":\"").append(EXCHANGES[(int) (sizes >>> 12 & 3)]);
    text.append("\",\"timestamp\":").append(firstEventMillis + MILLIS_BETWEEN_QUOTES * original);
    text.append(",\"account\":\"client.").append(10_000_000 + (sizes >>> 20) % 50_000);
    text.append("@example.com\",\"currency\":\"USD\"}");
    if (kind == Kind.MALFORMED) {
      text.setLength(text.length() / 2);
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void decimal(StringBuilder text, long millionths) {
    text.append(millionths / MILLION).append('.');
    long fraction = millionths % MILLION;
    for (long digit = MILLION / 10; digit > 0; digit /= 10) {
      text.append((char) ('0' + fraction / digit % 10));
    }
  }

  /** SplitMix64's output function over seed, index and what the number is for. */
  private long random(long index, int purpose) {
    long z = spec.seed() + (index * 8 + purpose) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
