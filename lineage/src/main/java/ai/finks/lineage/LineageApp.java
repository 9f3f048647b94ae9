package ai.finks.lineage;

import ai.finks.lineage.store.LineageStore;
import ai.finks.lineage.store.StoreFeed;
import ai.finks.schemas.lineage.LineageEvents;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Feeds the lineage store from the lineage topic, as a program of its own: for where no Lambda
 * does.
 *
 * <p>Takes {@code bootstrap-servers} and {@code table} as {@code --key value}; region and
 * credentials are AWS's usual ones. Ends with code 2 for wrong usage.
 */
public final class LineageApp {
  private static final Set<String> KEYS = Set.of("bootstrap-servers", "table");
  private static final String GROUP = "finks-lineage-store";

  private LineageApp() {}

  /** Runs until it is ended. */
  public static void main(String[] arguments) {
    Map<String, String> settings;
    try {
      settings = settings(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("lineage: " + e.getMessage());
      System.exit(2);
      return;
    }
    LineageStore store =
        new LineageStore(DynamoDbClient.create(), String.valueOf(settings.get("table")));
    store.createMissing();
    StoreFeed feed =
        new StoreFeed(
            String.valueOf(settings.get("bootstrap-servers")), GROUP, LineageEvents.TOPIC, store);
    Runtime.getRuntime().addShutdownHook(new Thread(feed::close, "close"));
    feed.run();
  }

  static Map<String, String> settings(String[] arguments) {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      settings.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    if (!settings.keySet().equals(KEYS) || arguments.length != 2 * KEYS.size()) {
      throw new IllegalArgumentException("takes --bootstrap-servers HOSTS and --table NAME");
    }
    return settings;
  }
}
