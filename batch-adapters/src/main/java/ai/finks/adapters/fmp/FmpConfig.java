package ai.finks.adapters.fmp;

import ai.finks.adapters.core.Settings;
import ai.finks.adapters.secret.Secret;
import ai.finks.adapters.secret.SecretSource;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * How to talk to FMP. Immutable; made from text by {@link #of}.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>{@code base-url}</td><td>https://financialmodelingprep.com</td></tr>
 * <tr><td>{@code api-key}</td><td>env:FMP_API_KEY: the secret's name, {@code env:NAME} or {@code
 * file:PATH}; never the key itself</td></tr>
 * <tr><td>{@code calls-per-minute}</td><td>300, of all threads together, retries included</td></tr>
 * <tr><td>{@code parallel}</td><td>4 calls at a time</td></tr>
 * <tr><td>{@code connect-timeout}</td><td>PT10S</td></tr>
 * <tr><td>{@code response-timeout}</td><td>PT60S until a response begins</td></tr>
 * <tr><td>{@code stall-timeout}</td><td>PT60S without a byte of a response that began</td></tr>
 * <tr><td>{@code max-element-bytes}</td><td>16777216; a larger element is reported, not sent</td></tr>
 * <tr><td>{@code retry.*}</td><td>see {@link RetryConfig}</td></tr>
 * </table>
 *
 * @param baseUrl scheme, host and port
 * @param apiKey sent as a header, never as part of a URL
 * @param callsPerMinute bound of the calls of all threads together
 * @param parallel calls at a time
 * @param connectTimeout bound of connecting
 * @param responseTimeout bound of the wait for a response to begin
 * @param stallTimeout bound of the wait for the next bytes of a response
 * @param maxElementBytes bound of one element
 * @param retry what happens when a call fails
 */
public record FmpConfig(
    URI baseUrl,
    Secret apiKey,
    int callsPerMinute,
    int parallel,
    Duration connectTimeout,
    Duration responseTimeout,
    Duration stallTimeout,
    int maxElementBytes,
    RetryConfig retry) {

  /** The real service. */
  public static final URI LIVE = URI.create("https://financialmodelingprep.com");

  public FmpConfig {
    String scheme = String.valueOf(baseUrl.getScheme());
    if (baseUrl.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw Settings.refused("base-url", baseUrl.toString(), "an http or https URL");
    }
    if (baseUrl.getRawQuery() != null || baseUrl.getRawUserInfo() != null) {
      // The value is not repeated: a key in a URL is the likeliest cause.
      throw new IllegalArgumentException("base-url must have no query and no user");
    }
    if (!apiKey.reveal().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      // The HTTP client would refuse it too, and repeat it in doing so.
      throw new IllegalArgumentException(
          "api-key holds a character that no key has, such as a space or a copied quote");
    }
  }

  /**
   * @throws IllegalArgumentException naming key and value, for a key that is unknown, a value that
   *     cannot be used, or a secret that is not there
   */
  public static FmpConfig of(Map<String, String> values, SecretSource secrets) {
    Settings settings = new Settings("fmp", values);
    String baseUrl = settings.text("base-url", LIVE.toString());
    FmpConfig config =
        new FmpConfig(
            uri(baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl),
            secrets.get(settings.text("api-key", "env:FMP_API_KEY")),
            settings.number("calls-per-minute", 300, 1),
            settings.number("parallel", 4, 1),
            settings.duration("connect-timeout", Duration.ofSeconds(10)),
            settings.duration("response-timeout", Duration.ofSeconds(60)),
            settings.duration("stall-timeout", Duration.ofSeconds(60)),
            settings.number("max-element-bytes", 16 << 20, 8),
            RetryConfig.of(settings));
    settings.refuseTheRest();
    return config;
  }

  private static URI uri(String value) {
    try {
      return URI.create(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("base-url is not a URL");
    }
  }

  /** Which service it is, the same over restarts of a local one. */
  String service() {
    String host = baseUrl.getHost();
    boolean local = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    return local ? "local" : host;
  }
}
