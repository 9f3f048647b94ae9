package ai.finks.simulators.fmp;

/** What may go wrong with an answer of the simulator. */
public enum FaultKind {
  /** 429 with {@code Retry-After}. */
  TOO_MANY_REQUESTS,
  /** 500 with FMP's error JSON. */
  SERVER_ERROR,
  /** 503 with an HTML page, as a proxy in front of the service sends it. */
  UNAVAILABLE,
  /** 200 whose body ends in the middle: the connection closes before Content-Length is reached. */
  TRUNCATED,
  /** 200 with an HTML page where JSON is expected. */
  HTML_PAGE,
  /** The connection closes without any answer. */
  DISCONNECT,
  /** The right answer, but late. */
  SLOW
}
