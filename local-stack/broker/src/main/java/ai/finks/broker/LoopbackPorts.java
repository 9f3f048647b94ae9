package ai.finks.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds loopback ports that nobody listens on.
 *
 * <p>The candidates lie below the range from which the system serves outgoing connections, so
 * between the look and the bind only another listener could take one. Every process looks for them
 * from another place on, and onwards only: stacks that start at the same time do not find the same
 * one, although some parts bind theirs seconds later.
 */
public final class LoopbackPorts {
  private static final int LOWEST = 20_000;
  private static final int BOUND = 32_768;
  private static final int ATTEMPTS = 1_000;

  /** Takes processes that began one after the other far apart. */
  private static final int STRIDE = 7_919;

  private static final AtomicLong NEXT = new AtomicLong(ProcessHandle.current().pid() * STRIDE);

  private LoopbackPorts() {}

  /** A port on which nothing listens at the moment, another one each time. */
  public static int free() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = LOWEST + (int) (NEXT.getAndIncrement() % (BOUND - LOWEST));
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
