package ai.finks.broker;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The topics of a single-node broker, in this JVM or elsewhere. */
public final class BrokerTopics {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private BrokerTopics() {}

  /** As {@link EmbeddedBroker#createTopics(Collection)}. */
  public static void create(String bootstrapServers, Collection<TopicSpec> topics) {
    try (Admin admin = admin(bootstrapServers)) {
      new TopicSetup(admin).apply(topics);
    }
  }

  /** A new admin client; the caller closes it. */
  public static Admin admin(String bootstrapServers) {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            (int) TIMEOUT.toMillis()));
  }
}
