package ai.finks.adapters.fmp;

import ai.finks.adapters.core.JsonArraySplitter;
import ai.finks.adapters.core.MalformedContentException;
import ai.finks.adapters.fmp.FmpException.Reason;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets responses of FMP, whole and checked, onto disk.
 *
 * <p>A response streams to disk and through the splitter at the same time. Only one that is
 * complete counts: a truncated or broken one is asked for again before anything of it was sent. The
 * key travels as a header, so that no URL holds it, and redirects are not followed, as they would
 * carry it elsewhere. Thread-safe; all threads share the gate.
 */
final class FmpClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FmpClient.class);
  private static final int HEAD_BYTES = 64 * 1024;

  private final FmpConfig config;
  private final Clock clock;
  private final HttpClient http;
  private final ServiceGate gate;
  private final StallGuard stalls;
  private final FmpAnswers answers;

  FmpClient(FmpConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.gate = new ServiceGate(config.callsPerMinute(), config.retry());
    this.stalls = new StallGuard(config.stallTimeout());
    this.answers = new FmpAnswers(config.apiKey());
  }

  /**
   * Asks until there is a whole answer, which then lies in {@code file}.
   *
   * @return attributes for the records: the request's parameters and what the answer's head says
   * @throws FmpException when there is no such answer
   */
  Map<String, String> fetch(String path, Map<String, String> parameters, Path file)
      throws IOException, InterruptedException {
    String what = path + " " + new TreeMap<>(parameters);
    try {
      return Failsafe.with(retryPolicy(what)).get(() -> call(path, parameters, file));
    } catch (FailsafeException e) {
      if (e.getCause() instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw e;
    }
  }

  private RetryPolicy<Map<String, String>> retryPolicy(String what) {
    RetryConfig retry = config.retry();
    return RetryPolicy.<Map<String, String>>builder()
        .handleIf(thrown -> thrown instanceof FmpException e && e.reason().mayPass)
        .withMaxAttempts(retry.maxAttempts())
        .withBackoff(retry.backoff(), retry.maxBackoff())
        .withJitter(0.5)
        .onRetry(
            event ->
                LOG.info(
                    "asking again: call={} attempt={} because=\"{}\"",
                    what,
                    event.getAttemptCount() + 1,
                    String.valueOf(event.getLastException().getMessage())))
        .build();
  }

  private Map<String, String> call(String path, Map<String, String> parameters, Path file)
      throws IOException, InterruptedException {
    gate.awaitTurn();
    boolean judged = false;
    try {
      Map<String, String> attributes = callOnce(path, parameters, file);
      gate.good();
      judged = true;
      return attributes;
    } catch (FmpException e) {
      judged = true;
      if (e.reason().mayPass) {
        gate.failed(e);
      } else {
        gate.good();
      }
      throw e;
    } finally {
      if (!judged) {
        gate.abandoned();
      }
    }
  }

  private Map<String, String> callOnce(String path, Map<String, String> parameters, Path file)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = send(path, parameters);
    try (InputStream body = stalls.guard(response.body())) {
      if (response.statusCode() != 200) {
        throw answers.ofStatus(
            response.statusCode(), response.headers(), headOf(body), clock.instant());
      }
      try (Spool spool = new Spool(body, file)) {
        check(spool);
      }
    }
    return attributes(path, parameters, response);
  }

  private HttpResponse<InputStream> send(String path, Map<String, String> parameters)
      throws FmpException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path, parameters))
            .timeout(config.responseTimeout())
            .header("apikey", config.apiKey().reveal())
            .header("Accept", "application/json")
            .GET()
            .build();
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new FmpException(Reason.INTERRUPTED_ANSWER, null, "did not answer: " + describe(e));
    }
  }

  /** Reads the whole answer through the splitter; what it reads is on disk then. */
  private void check(Spool spool) throws IOException, InterruptedException {
    JsonArraySplitter splitter = new JsonArraySplitter(spool, config.maxElementBytes());
    try {
      while (splitter.next()) {
        // Only the boundaries count here.
      }
    } catch (MalformedContentException e) {
      switch (e.kind()) {
        case NOT_AN_ARRAY -> throw answers.ofContent(spool.head(HEAD_BYTES));
        case TRUNCATED ->
            throw new FmpException(
                Reason.INTERRUPTED_ANSWER, 200, "answered in part: " + e.getMessage());
        default ->
            throw new FmpException(
                Reason.UNEXPECTED_ANSWER, 200, "answered with broken JSON: " + e.getMessage());
      }
    } catch (Spool.DiskException e) {
      throw e;
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while reading an answer");
      }
      throw new FmpException(Reason.INTERRUPTED_ANSWER, 200, "answered in part: " + describe(e));
    }
  }

  private static byte[] headOf(InputStream body) {
    try {
      return body.readNBytes(HEAD_BYTES);
    } catch (IOException e) {
      // The status says enough.
      return new byte[0];
    }
  }

  private URI uri(String path, Map<String, String> parameters) {
    String query =
        new TreeMap<>(parameters)
            .entrySet().stream()
                .map(
                    e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    return URI.create(config.baseUrl() + path + "?" + query);
  }

  private static Map<String, String> attributes(
      String path, Map<String, String> parameters, HttpResponse<?> response) {
    Map<String, String> attributes = new TreeMap<>(parameters);
    attributes.put("http_path", path);
    attributes.put("http_status", String.valueOf(response.statusCode()));
    response.headers().firstValue("Date").ifPresent(date -> attributes.put("http_date", date));
    response.headers().firstValue("ETag").ifPresent(etag -> attributes.put("http_etag", etag));
    return attributes;
  }

  private String describe(IOException e) {
    // The outermost message of the JDK's client says little ("closed").
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    String name = root.getClass().getSimpleName();
    return config.apiKey().redact(message == null ? name : name + ": " + message);
  }

  @Override
  public void close() {
    stalls.close();
  }
}
