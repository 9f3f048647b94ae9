package ai.finks.adapters.fmp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends responses that stop in the middle: the JDK's client bounds the wait for a response's
 * beginning only.
 */
final class StallGuard implements AutoCloseable {
  private final Duration timeout;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "fmp-stall-guard");
            thread.setDaemon(true);
            return thread;
          });

  StallGuard(Duration timeout) {
    this.timeout = timeout;
  }

  /** The same bytes; a read that waits too long for the next ones fails. */
  InputStream guard(InputStream body) {
    return new Guarded(body);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  private final class Guarded extends FilterInputStream {
    private volatile long lastBytesNanos = System.nanoTime();
    private volatile boolean stalled;
    private final ScheduledFuture<?> checks;

    Guarded(InputStream body) {
      super(body);
      long period = Math.max(1, timeout.toMillis() / 4);
      this.checks = watch.scheduleAtFixedRate(this::check, period, period, TimeUnit.MILLISECONDS);
    }

    private void check() {
      if (System.nanoTime() - lastBytesNanos > timeout.toNanos()) {
        stalled = true;
        try {
          // Wakes up the reader.
          in.close();
        } catch (IOException e) {
          checks.cancel(false);
        }
      }
    }

    @Override
    public int read() throws IOException {
      throw new UnsupportedOperationException("reads are by arrays");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        int read = in.read(into, offset, length);
        lastBytesNanos = System.nanoTime();
        if (stalled) {
          throw new IOException("no bytes");
        }
        return read;
      } catch (IOException e) {
        throw stalled ? new IOException("the response stopped for " + timeout, e) : e;
      }
    }

    @Override
    public void close() throws IOException {
      checks.cancel(false);
      in.close();
    }
  }
}
