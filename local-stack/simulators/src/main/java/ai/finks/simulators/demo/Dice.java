package ai.finks.simulators.demo;

/**
 * SplitMix64, written out so that a seed means the same numbers on every JVM and in every version.
 *
 * <p>java.util.SplittableRandom promises the same sequence, but its bounded numbers have changed
 * between releases.
 */
final class Dice {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private long state;

  Dice(long seed) {
    this.state = seed;
  }

  /** A number that depends on the text and the salt only. */
  static int hash(String text, long salt, int bound) {
    long seed = salt;
    for (int i = 0; i < text.length(); i++) {
      seed = seed * 1_000_003 + text.charAt(i);
    }
    return new Dice(seed).below(bound);
  }

  private long next() {
    state += STEP;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** 0 to bound − 1. */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** low to high, both included. */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  /** True in so many of a thousand throws. */
  boolean chance(int perThousand) {
    return below(1000) < perThousand;
  }

  /** A share of the whole: from so many to so many thousandths of it. */
  long share(long whole, int lowPerThousand, int highPerThousand) {
    return whole * between(lowPerThousand, highPerThousand) / 1000;
  }
}
