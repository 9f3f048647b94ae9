package ai.finks.simulators.fmp;

import ai.finks.simulators.demo.DemoBars;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server on loopback that speaks FMP's stable API from the shipped bars.
 *
 * <p>{@code /stable/historical-price-eod/full?symbol=&from=&to=}, {@code /stable/quote?symbol=} and
 * {@code /stable/stock-list} answer as the service does; the key goes into the query parameter
 * {@code apikey} or a header of that name. Unknown symbols answer {@code []}; 400, 401, 402, 403,
 * 404 and 429 carry {@code {"Error Message": "…"}}. {@link Faults} make it misbehave, by {@link
 * #setFaults} or by {@code PUT /simulator/faults}; {@code GET /simulator/faults} and {@code GET
 * /simulator/statistics} tell what is set and what was served.
 */
public final class FmpSimulator implements AutoCloseable {
  /** The key that a simulator accepts unless another is given. */
  public static final String DEFAULT_API_KEY = "simulated-fmp-key";

  private static final int THREADS = 16;

  static {
    // Without it each answer on a kept connection may wait 40 ms for a delayed acknowledgement.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private volatile FaultPlan faults;
  private final CallCounter counter = new CallCounter();
  private final String apiKey;

  private FmpSimulator(Builder settings) throws IOException {
    this.apiKey = settings.apiKey;
    this.faults = new FaultPlan(settings.faults);
    this.server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByName("127.0.0.1"), settings.port), 256);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "fmp-simulator-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext(
        "/", new FmpHandler(new FmpApi(settings.bars), apiKey, () -> faults, counter));
    server.createContext("/simulator/", new ControlHandler(this));
  }

  /**
   * Starts on a free port over the bars of a demo-data folder.
   *
   * @throws UncheckedIOException if the bars cannot be read or no port can be had
   */
  public static FmpSimulator start(Path demoData) {
    return over(new DemoBars(demoData)).start();
  }

  /** Begins the settings of a simulator. */
  public static Builder over(DemoBars bars) {
    return new Builder(bars);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** What takes the place of {@code https://financialmodelingprep.com}, without a final slash. */
  public URI baseUri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public String apiKey() {
    return apiKey;
  }

  /** Sets the faults from the next call on; their counting of calls begins anew. */
  public void setFaults(Faults changed) {
    faults = new FaultPlan(changed);
  }

  public Faults faults() {
    return faults.faults();
  }

  public Statistics statistics() {
    return counter.statistics();
  }

  /** Stops at once; calls in progress end without an answer. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      threads.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Settings with their defaults: a free port, {@link #DEFAULT_API_KEY}, no faults. */
  public static final class Builder {
    private final DemoBars bars;
    private int port;
    private String apiKey = DEFAULT_API_KEY;
    private Faults faults = Faults.none();

    private Builder(DemoBars bars) {
      this.bars = bars;
    }

    /** 0 takes a free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder apiKey(String value) {
      if (value.isBlank()) {
        throw new IllegalArgumentException("the API key must not be blank");
      }
      apiKey = value;
      return this;
    }

    public Builder faults(Faults value) {
      faults = value;
      return this;
    }

    /**
     * Starts the server.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public FmpSimulator start() {
      try {
        FmpSimulator simulator = new FmpSimulator(this);
        simulator.server.start();
        return simulator;
      } catch (IOException e) {
        throw new UncheckedIOException("the FMP simulator cannot listen on port " + port, e);
      }
    }
  }
}
