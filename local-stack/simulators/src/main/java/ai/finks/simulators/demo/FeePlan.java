package ai.finks.simulators.demo;

/** What a client pays per trade, in cents. */
enum FeePlan {
  /** 4.95 whatever the size. */
  FLAT,
  /** Half a cent per share, at least 1.00, at most 1 % of the value. */
  PER_SHARE,
  /** A tenth of a percent of the value, at least 1.50. */
  PER_VALUE;

  long feeOf(long tenThousandthShares, long grossCents) {
    return switch (this) {
      case FLAT -> 495;
      case PER_SHARE ->
          Math.max(100, Math.min(tenThousandthShares / 20_000, Math.max(100, grossCents / 100)));
      case PER_VALUE -> Math.max(150, (grossCents + 500) / 1000);
    };
  }
}
