package ai.finks.schemas;

/** Names of the topics that records travel on. */
public final class Topics {

  private Topics() {}

  /** The raw topic of a source's entity, for example {@code fmp.quotes.raw.v1}. */
  public static String raw(String source, String entity) {
    return source + "." + entity + ".raw.v1";
  }

  /** The topic of an entity's typed records, for example {@code quotes.v1}. */
  public static String typed(String entity) {
    return entity + ".v1";
  }

  /** The registry subject of a topic's values, for example {@code fmp.quotes.raw.v1-value}. */
  public static String subject(String topic) {
    return topic + "-value";
  }
}
