package ai.finks.stack.registry;

import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry that stays: when its process dies, another one takes its place at the same
 * address, with the same database. After some deaths in a row that came before the registry even
 * answered it is given up.
 */
public final class KeptRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptRegistry.class);
  private static final int MAX_FAILED_STARTS = 3;

  private final Path distribution;
  private final FinksHome home;
  private final Consumer<RegistryProcess> whenStarted;
  private final URI url;
  private RegistryProcess current;
  private int failedStarts;
  private boolean closed;

  private KeptRegistry(
      Path distribution,
      FinksHome home,
      Consumer<RegistryProcess> whenStarted,
      RegistryProcess first) {
    this.distribution = distribution;
    this.home = home;
    this.whenStarted = whenStarted;
    this.url = first.url();
    this.current = first;
  }

  /**
   * Starts the first process and returns at once; {@link #awaitReady} tells when it serves.
   *
   * @param distribution the folder with the unpacked registry
   * @param whenStarted hears of each process, the first included
   */
  public static KeptRegistry start(
      Path distribution, FinksHome home, Consumer<RegistryProcess> whenStarted) throws IOException {
    RegistryProcess first = RegistryProcess.start(distribution, home);
    whenStarted.accept(first);
    return new KeptRegistry(distribution, home, whenStarted, first);
  }

  /** Waits until the first process answers, and keeps the registry from then on. */
  public void awaitReady() throws IOException, InterruptedException {
    RegistryProcess first = process();
    first.awaitReady();
    first.onExit(() -> replace(first));
  }

  /** Base of the Confluent-compatible API, the same for each process. */
  public URI url() {
    return url;
  }

  private synchronized RegistryProcess process() {
    return current;
  }

  private synchronized void replace(RegistryProcess dead) {
    if (closed) {
      return;
    }
    failedStarts = dead.wasReady() ? 0 : failedStarts + 1;
    if (failedStarts == MAX_FAILED_STARTS) {
      LOG.error("the registry does not start any more: url={} failed-starts={}", url, failedStarts);
      return;
    }
    LOG.warn("the registry died, starting it again: url={}", url);
    try {
      RegistryProcess next = RegistryProcess.start(distribution, home, url.getPort());
      current = next;
      whenStarted.accept(next);
      next.onExit(() -> replace(next));
      next.noteReady();
    } catch (IOException e) {
      LOG.error("the registry could not be started again: url={}", url, e);
    }
  }

  @Override
  public void close() {
    RegistryProcess last;
    synchronized (this) {
      closed = true;
      last = current;
    }
    last.close();
  }
}
