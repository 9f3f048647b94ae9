package ai.finks.bench.feed;

import java.util.stream.LongStream;

/**
 * How many records of each kind a set has, and their volumes summed up: what its tables must hold.
 *
 * @param ordinary good records, each once
 * @param duplicates repetitions of good records
 * @param malformed records that are no JSON
 * @param negative records with a negative price
 * @param ordinaryVolume sum of volumes of the ordinary records
 * @param duplicateVolume sum of volumes of the duplicates
 * @param negativeVolume sum of volumes of the records with a negative price
 */
public record FeedTotals(
    long ordinary,
    long duplicates,
    long malformed,
    long negative,
    long ordinaryVolume,
    long duplicateVolume,
    long negativeVolume) {
  private static final FeedTotals NONE = new FeedTotals(0, 0, 0, 0, 0, 0, 0);

  /** Counts a whole set, on all cores. */
  public static FeedTotals of(QuoteFeed feed) {
    long records = feed.spec().records();
    int pieces = 64;
    return LongStream.range(0, pieces)
        .parallel()
        .mapToObj(i -> of(feed, records * i / pieces, records * (i + 1) / pieces))
        .reduce(NONE, FeedTotals::plus);
  }

  private static FeedTotals of(QuoteFeed feed, long from, long to) {
    long[] counts = new long[QuoteFeed.Kind.values().length];
    long[] volumes = new long[counts.length];
    for (long index = from; index < to; index++) {
      int kind = feed.kind(index).ordinal();
      counts[kind]++;
      volumes[kind] += feed.volume(index);
    }
    int ordinary = QuoteFeed.Kind.ORDINARY.ordinal();
    int duplicate = QuoteFeed.Kind.DUPLICATE.ordinal();
    int negative = QuoteFeed.Kind.NEGATIVE.ordinal();
    return new FeedTotals(
        counts[ordinary],
        counts[duplicate],
        counts[QuoteFeed.Kind.MALFORMED.ordinal()],
        counts[negative],
        volumes[ordinary],
        volumes[duplicate],
        volumes[negative]);
  }

  private FeedTotals plus(FeedTotals other) {
    return new FeedTotals(
        ordinary + other.ordinary,
        duplicates + other.duplicates,
        malformed + other.malformed,
        negative + other.negative,
        ordinaryVolume + other.ordinaryVolume,
        duplicateVolume + other.duplicateVolume,
        negativeVolume + other.negativeVolume);
  }

  public long records() {
    return ordinary + duplicates + malformed + negative;
  }
}
