package ai.finks.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds loopback ports that nobody listens on.
 *
 * <p>The candidates lie below the range from which the system serves outgoing connections, so
 * between the look and the bind only another listener could take one.
 */
public final class LoopbackPorts {
  private static final int LOWEST = 20_000;
  private static final int BOUND = 32_768;
  private static final int ATTEMPTS = 1_000;

  private LoopbackPorts() {}

  /** A port on which nothing listens at the moment. */
  public static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BOUND);
      if (isFree(port)) {
        return port;
      }
    }
    throw new BrokerException("No free loopback port between " + LOWEST + " and " + (BOUND - 1));
  }

  /** Whether a listener could bind the port now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
