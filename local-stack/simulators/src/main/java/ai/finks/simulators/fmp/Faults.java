package ai.finks.simulators.fmp;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the simulator misbehaves: which share of its answers, which first answers, and what it
 * refuses.
 *
 * <p>Which call meets which fault follows from the seed and the number of the call alone. {@code
 * next} is used up first, one entry per call; then every call meets each kind with its probability
 * (they exclude each other, so they add up to 1 at most). Calls with a wrong key meet no faults.
 *
 * @param seed decides which calls are hit
 * @param probabilities share of the calls, 0 to 1, per kind
 * @param next faults of the very next calls, in order
 * @param retryAfterSeconds value of {@code Retry-After} with 429
 * @param slowMillis delay of a slow answer
 * @param callsPerMinute calls answered within any 60 seconds before 429 begins; 0: no limit
 * @param restrictedPaths API paths, such as {@code /stable/quote}, that answer 403
 * @param restrictedSymbols symbols that answer 402, as those outside of a subscription do
 */
public record Faults(
    long seed,
    Map<FaultKind, Double> probabilities,
    List<FaultKind> next,
    int retryAfterSeconds,
    int slowMillis,
    int callsPerMinute,
    Set<String> restrictedPaths,
    Set<String> restrictedSymbols) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException if a probability, their sum or a number is out of range
   */
  public Faults {
    probabilities = Map.copyOf(probabilities);
    next = List.copyOf(next);
    restrictedPaths = Set.copyOf(restrictedPaths);
    restrictedSymbols = Set.copyOf(restrictedSymbols);
    double sum = 0;
    for (Map.Entry<FaultKind, Double> entry : probabilities.entrySet()) {
      double probability = entry.getValue();
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException(
            "probability of " + entry.getKey() + " must be 0 to 1, is " + probability);
      }
      sum += probability;
    }
    if (sum > 1 + 1e-9) {
      throw new IllegalArgumentException("probabilities add up to " + sum + ", more than 1");
    }
    notNegative("retryAfterSeconds", retryAfterSeconds);
    notNegative("slowMillis", slowMillis);
    notNegative("callsPerMinute", callsPerMinute);
  }

  private static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative, is " + value);
    }
  }

  /** A simulator that behaves. */
  public static Faults none() {
    return builder().build();
  }

  /** Starts from a simulator that behaves. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads the JSON form: an object with this record's names; what is absent keeps the default of
   * {@link #builder()}.
   *
   * @throws IllegalArgumentException if it is not JSON, has an unknown name or a bad value
   */
  public static Faults fromJson(byte[] json) {
    try {
      return JSON.readValue(json, Faults.class);
    } catch (JsonProcessingException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
      throw new IllegalArgumentException(cause.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @JsonCreator
  static Faults of(
      @JsonProperty("seed") @Nullable Long seed,
      @JsonProperty("probabilities") @Nullable Map<FaultKind, Double> probabilities,
      @JsonProperty("next") @Nullable List<FaultKind> next,
      @JsonProperty("retryAfterSeconds") @Nullable Integer retryAfterSeconds,
      @JsonProperty("slowMillis") @Nullable Integer slowMillis,
      @JsonProperty("callsPerMinute") @Nullable Integer callsPerMinute,
      @JsonProperty("restrictedPaths") @Nullable Set<String> restrictedPaths,
      @JsonProperty("restrictedSymbols") @Nullable Set<String> restrictedSymbols) {
    Faults none = none();
    return new Faults(
        seed == null ? none.seed : seed,
        probabilities == null ? none.probabilities : probabilities,
        next == null ? none.next : next,
        retryAfterSeconds == null ? none.retryAfterSeconds : retryAfterSeconds,
        slowMillis == null ? none.slowMillis : slowMillis,
        callsPerMinute == null ? none.callsPerMinute : callsPerMinute,
        restrictedPaths == null ? none.restrictedPaths : restrictedPaths,
        restrictedSymbols == null ? none.restrictedSymbols : restrictedSymbols);
  }

  /** The JSON form, readable by {@link #fromJson}. */
  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets what differs from a simulator that behaves. */
  public static final class Builder {
    private long seed = 1;
    private final Map<FaultKind, Double> probabilities = new EnumMap<>(FaultKind.class);
    private List<FaultKind> next = List.of();
    private int retryAfterSeconds = 1;
    private int slowMillis = 500;
    private int callsPerMinute;
    private Set<String> restrictedPaths = Set.of();
    private Set<String> restrictedSymbols = Set.of();

    private Builder() {}

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder probability(FaultKind kind, double share) {
      probabilities.put(kind, share);
      return this;
    }

    public Builder next(FaultKind... kinds) {
      next = List.of(kinds);
      return this;
    }

    public Builder retryAfterSeconds(int seconds) {
      retryAfterSeconds = seconds;
      return this;
    }

    public Builder slowMillis(int millis) {
      slowMillis = millis;
      return this;
    }

    public Builder callsPerMinute(int calls) {
      callsPerMinute = calls;
      return this;
    }

    public Builder restrictPaths(String... paths) {
      restrictedPaths = Set.of(paths);
      return this;
    }

    public Builder restrictSymbols(String... symbols) {
      restrictedSymbols = Set.of(symbols);
      return this;
    }

    public Faults build() {
      return new Faults(
          seed,
          probabilities,
          next,
          retryAfterSeconds,
          slowMillis,
          callsPerMinute,
          restrictedPaths,
          restrictedSymbols);
    }
  }
}
