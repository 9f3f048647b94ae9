package ai.finks.simulators.fmp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One HTTP answer: status, body and what it was about. The body's array may be longer. */
@SuppressWarnings("ArrayRecordComponent")
record Answer(int status, String contentType, byte[] body, int length, @Nullable String symbol) {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String DOCUMENTATION =
      "https://site.financialmodelingprep.com/developer/docs";

  static Answer json(JsonText text, @Nullable String symbol) {
    return new Answer(200, JSON, text.array(), text.length(), symbol);
  }

  static Answer json(int status, byte[] body) {
    return new Answer(status, JSON, body, body.length, null);
  }

  /** FMP's form of an error: an object with one member, {@code Error Message}. */
  static Answer error(int status, String message) {
    String escaped = message.replace("\\", "\\\\").replace("\"", "\\\"");
    String text = "{\n  \"Error Message\": \"" + escaped + "\"\n}";
    return json(status, text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer invalidKey() {
    return error(
        401,
        "Invalid API KEY. Please retry or visit our documentation to create one FREE "
            + DOCUMENTATION);
  }

  static Answer missing(String parameter) {
    return error(400, "Query Error: Invalid or missing query parameter - " + parameter);
  }

  static Answer premiumSymbol(String symbol) {
    return error(
        402,
        "Premium Query Parameter: 'Special Endpoint : This value set for 'symbol' is not available"
            + " under your current subscription' - "
            + symbol);
  }

  static Answer restricted() {
    return error(
        403,
        "Exclusive Endpoint : This endpoint is not available under your current subscription"
            + " agreement, please visit our subscription page to upgrade your plan "
            + DOCUMENTATION
            + "/pricing");
  }

  static Answer legacy() {
    return error(
        403,
        "Legacy Endpoint : Due to Legacy endpoints being no longer supported - This endpoint is"
            + " only available for legacy users who have valid subscriptions prior August 31, 2025. "
            + DOCUMENTATION);
  }

  static Answer notFound(String path) {
    return error(404, "Not Found: " + path);
  }

  static Answer limitReached() {
    return error(
        429,
        "Limit Reach . Please upgrade your plan or visit our documentation for more details at "
            + DOCUMENTATION
            + "/pricing");
  }

  static Answer serverError() {
    return error(500, "Internal Server Error");
  }

  static Answer unavailable() {
    return html(503, "503 Service Temporarily Unavailable");
  }

  /** Stands for a connection that closes without an answer. */
  static Answer none() {
    return new Answer(0, HTML, new byte[0], 0, null);
  }

  static Answer maintenancePage() {
    return html(200, "We will be back soon");
  }

  private static Answer html(int status, String title) {
    byte[] page =
        ("<!DOCTYPE html>\n<html>\n<head><title>%1$s</title></head>\n<body><h1>%1$s</h1></body>\n"
                + "</html>\n")
            .formatted(title)
            .getBytes(StandardCharsets.UTF_8);
    return new Answer(status, HTML, page, page.length, null);
  }
}
