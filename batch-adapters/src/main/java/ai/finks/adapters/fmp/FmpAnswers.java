package ai.finks.adapters.fmp;

import ai.finks.adapters.core.RetryAfter;
import ai.finks.adapters.fmp.FmpException.Reason;
import ai.finks.adapters.secret.Secret;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what an answer without data means. */
final class FmpAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_MESSAGE_LENGTH = 300;

  private final Secret apiKey;

  FmpAnswers(Secret apiKey) {
    this.apiKey = apiKey;
  }

  /** An answer with another status than 200. */
  FmpException ofStatus(int status, HttpHeaders headers, byte[] head, Instant now) {
    Duration wait =
        headers
            .firstValue("Retry-After")
            .flatMap(value -> RetryAfter.parse(value, now))
            .orElse(null);
    String said = said(head);
    String message = "answered " + status + (said.isEmpty() ? "" : ": " + said);
    return new FmpException(reasonOf(status, said), status, message, wait);
  }

  private static Reason reasonOf(int status, String said) {
    if (status == 401) {
      return Reason.KEY_REFUSED;
    }
    if (status == 429) {
      return Reason.RATE_LIMITED;
    }
    if (status >= 500 || status == 408 || status == 425) {
      return Reason.SERVER_FAILED;
    }
    if (status >= 400) {
      return speaksOfKey(said) ? Reason.KEY_REFUSED : Reason.REFUSED;
    }
    return status >= 300 ? Reason.REFUSED : Reason.UNEXPECTED_ANSWER;
  }

  /** An answer with status 200 that holds no array. */
  FmpException ofContent(byte[] head) {
    String said = said(head);
    if (!said.isEmpty()) {
      Reason reason =
          speaksOfKey(said)
              ? Reason.KEY_REFUSED
              : speaksOfLimit(said) ? Reason.RATE_LIMITED : Reason.REFUSED;
      return new FmpException(reason, 200, "answered 200 with an error: " + said);
    }
    String text = new String(head, StandardCharsets.UTF_8).strip();
    String what = text.startsWith("<") ? "an HTML page" : "something that is not a JSON array";
    return new FmpException(Reason.UNEXPECTED_ANSWER, 200, "answered 200 with " + what);
  }

  /** The message of an error document, without the key; empty if it is none. */
  private String said(byte[] head) {
    JsonNode document = parse(head);
    if (document == null || !document.isObject()) {
      return "";
    }
    for (String name : new String[] {"Error Message", "error", "message", "Error"}) {
      JsonNode value = document.get(name);
      if (value != null && value.isTextual()) {
        String text = apiKey.redact(value.asText()).replaceAll("\\s+", " ").strip();
        return text.length() <= MAX_MESSAGE_LENGTH
            ? text
            : text.substring(0, MAX_MESSAGE_LENGTH) + "…";
      }
    }
    return "";
  }

  private static @Nullable JsonNode parse(byte[] head) {
    try {
      return JSON.readTree(head);
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean speaksOfKey(String said) {
    String lower = said.toLowerCase(Locale.ROOT);
    return lower.contains("invalid api key") || lower.contains("api key missing");
  }

  private static boolean speaksOfLimit(String said) {
    return said.toLowerCase(Locale.ROOT).contains("limit reach");
  }
}
