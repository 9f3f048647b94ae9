package ai.finks.broker;

import java.util.Map;
import java.util.Objects;

/**
 * How an {@link EmbeddedBroker} is run.
 *
 * @param port TCP port of the client listener on loopback, 0 for a free one
 * @param controllerPort TCP port of the controller listener on loopback, 0 for a free one
 * @param overrides broker settings that win over the embedded ones, by Kafka's own names
 */
public record BrokerConfig(int port, int controllerPort, Map<String, String> overrides) {

  /** Checks the ports; the overrides are checked by Kafka when the broker starts. */
  public BrokerConfig {
    requirePort("port", port);
    requirePort("controllerPort", controllerPort);
    overrides = Map.copyOf(Objects.requireNonNull(overrides, "overrides"));
  }

  /** Free ports, nothing overridden. */
  public static BrokerConfig defaults() {
    return new BrokerConfig(0, 0, Map.of());
  }

  /** The same with the client listener on {@code port}. */
  public BrokerConfig withPort(int newPort) {
    return new BrokerConfig(newPort, controllerPort, overrides);
  }

  /** The same with other broker settings. */
  public BrokerConfig withOverrides(Map<String, String> newOverrides) {
    return new BrokerConfig(port, controllerPort, newOverrides);
  }

  private static void requirePort(String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(name + " must be 0 to 65535, was " + port);
    }
  }
}
