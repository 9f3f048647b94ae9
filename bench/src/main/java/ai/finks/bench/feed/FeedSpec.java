package ai.finks.bench.feed;

/**
 * What a set of quotes is like. Equal specs make equal sets, byte for byte.
 *
 * @param seed of all that looks random
 * @param records in the set, duplicates and bad ones among them
 * @param symbols how many different ones
 * @param duplicatesPerMillion records that repeat an earlier one, envelope and all
 * @param badPerMillion records that the contract refuses; half of them are no JSON
 */
public record FeedSpec(
    long seed, long records, int symbols, int duplicatesPerMillion, int badPerMillion) {
  private static final int MILLION = 1_000_000;
  private static final int MAX_SYMBOLS = 26 * 26 * 26 * 26;

  /** Checks the ranges. */
  public FeedSpec {
    if (records < 1) {
      throw new IllegalArgumentException("records must be at least 1, was " + records);
    }
    if (symbols < 1 || symbols > MAX_SYMBOLS) {
      throw new IllegalArgumentException(
          "symbols must be 1 to " + MAX_SYMBOLS + ", was " + symbols);
    }
    if (duplicatesPerMillion < 0
        || badPerMillion < 0
        || duplicatesPerMillion + badPerMillion > MILLION) {
      throw new IllegalArgumentException(
          "duplicates and bad records must be 0 to 1,000,000 per million in all, were "
              + duplicatesPerMillion
              + " and "
              + badPerMillion);
    }
  }

  /** 8,000 symbols, 1 % duplicates, 0.1 % bad records. */
  public static FeedSpec standard(long seed, long records) {
    return new FeedSpec(seed, records, 8_000, 10_000, 1_000);
  }
}
