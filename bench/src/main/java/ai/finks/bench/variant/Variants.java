package ai.finks.bench.variant;

/** The variants by their names. */
public final class Variants {
  /** The silver job with everything on but the typed topic. */
  public static final String SILVER = "silver";

  /** The silver job with the typed topic. */
  public static final String SILVER_TYPED = "silver_typed";

  /** Flink SQL from JSON to Iceberg. */
  public static final String FLINK_SQL = "flink_sql";

  /** Kafka Connect with Iceberg's sink. */
  public static final String KAFKA_CONNECT = "kafka_connect";

  /** A thread per core around the job's own classes. */
  public static final String BARE_LOOP = "bare_loop";

  /** The bronze job. */
  public static final String BRONZE = "bronze";

  /** Flink's FileSink of strings. */
  public static final String FILE_SINK = "file_sink";

  private Variants() {}

  static Variant open(VariantSetup setup) throws Exception {
    return switch (setup.variant()) {
      case SILVER -> new SilverVariant(setup, false);
      case SILVER_TYPED -> new SilverVariant(setup, true);
      case FLINK_SQL -> new FlinkSqlVariant(setup);
      case BARE_LOOP -> new BareLoopVariant(setup);
      case BRONZE -> new BronzeVariant(setup);
      case FILE_SINK -> new FileSinkVariant(setup);
      default -> throw new IllegalArgumentException("There is no variant " + setup.variant());
    };
  }
}
