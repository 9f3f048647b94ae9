package ai.finks.client;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers about topics ahead of the first record.
 *
 * <p>The producer itself would ask for the topic's metadata, and a broker with automatic topic
 * creation takes that as a wish.
 */
final class TopicInspector implements AutoCloseable {
  private static final long DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;
  private static final long ASK_TIMEOUT_MILLIS = 30_000;

  private final RawProducerConfig config;
  private @Nullable Admin admin;

  TopicInspector(RawProducerConfig config) {
    this.config = config;
  }

  /**
   * The largest message that a topic takes.
   *
   * @throws RawSinkException when there is no such topic or the brokers cannot be asked
   */
  synchronized long maxMessageBytes(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      admin().describeTopics(List.of(topic)).allTopicNames().get(timeout(), TimeUnit.MILLISECONDS);
      Config described =
          admin()
              .describeConfigs(List.of(resource))
              .all()
              .get(timeout(), TimeUnit.MILLISECONDS)
              .get(resource);
      ConfigEntry entry =
          described == null ? null : described.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
      return entry == null ? DEFAULT_MAX_MESSAGE_BYTES : Long.parseLong(entry.value());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return DEFAULT_MAX_MESSAGE_BYTES;
      }
      throw failure(topic, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw failure(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RawSinkException("interrupted while asking for the topic " + topic, e);
    }
  }

  private RawSinkException failure(String topic, Throwable cause) {
    if (cause instanceof UnknownTopicOrPartitionException) {
      return new RawSinkException(
          String.format(
              "the topic %s does not exist at %s. Producers create no topics: `./finks up` creates"
                  + " one for each binding in schemas/sources; elsewhere create it with its"
                  + " partitions and retention before sending.",
              topic, config.bootstrapServers()),
          cause);
    }
    return new RawSinkException(
        String.format(
            "the brokers at %s cannot be asked for the topic %s (%s). Check bootstrap-servers and"
                + " that they are up.",
            config.bootstrapServers(), topic, RawProducer.causes(cause)),
        cause);
  }

  private long timeout() {
    return Math.min(ASK_TIMEOUT_MILLIS, config.deliveryTimeout().toMillis());
  }

  private Admin admin() {
    Admin open = admin;
    if (open == null) {
      Properties properties = config.adminProperties();
      properties.put("default.api.timeout.ms", String.valueOf(timeout()));
      properties.put("request.timeout.ms", String.valueOf(timeout()));
      open = Admin.create(properties);
      admin = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(java.time.Duration.ZERO);
    }
  }
}
