package ai.finks.flink.silver.hash;

/** A sum of 256-bit numbers modulo 2<sup>256</sup>: the same in any order. */
final class Sum256 {
  private static final int WORDS = 4;

  /** Most significant first. */
  private final long[] words = new long[WORDS];

  /** Adds the number that lies at a position of an array, most significant word first. */
  void add(long[] from, int at) {
    long carry = 0;
    for (int i = WORDS - 1; i >= 0; i--) {
      long sum = words[i] + from[at + i];
      long carryOut = Long.compareUnsigned(sum, words[i]) < 0 ? 1 : 0;
      long total = sum + carry;
      if (carry == 1 && total == 0) {
        carryOut = 1;
      }
      words[i] = total;
      carry = carryOut;
    }
  }

  String hex() {
    StringBuilder hex = new StringBuilder(64);
    for (long word : words) {
      hex.append(String.format("%016x", word));
    }
    return hex.toString();
  }
}
