package ai.finks.broker;

import java.nio.file.Path;
import java.util.Map;

/** The broker as a program of its own. */
public final class BrokerMain {
  private BrokerMain() {}

  /**
   * Starts the broker; it stops, flushing its logs, when the process is asked to end.
   *
   * @param args the broker's directory, the port for clients, the port of the controller
   */
  public static void main(String[] args) {
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            Path.of(args[0]),
            new BrokerConfig(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Map.of()));
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop-broker"));
  }
}
