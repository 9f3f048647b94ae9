package ai.finks.stack.cli;

import ai.finks.stack.home.ControlToken;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a running stack something that one document answers. */
final class StackControl {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private StackControl() {}

  /**
   * The stack's answer.
   *
   * @throws IOException if it gives none
   */
  static JsonNode ask(FinksHome home, StackRecord stack, String path, JsonNode question)
      throws IOException {
    String url =
        stack
            .url("control")
            .orElseThrow(() -> new IOException("the stack on " + home + " takes no questions"));
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url + path).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setRequestMethod("POST");
    connection.setRequestProperty(ControlToken.HEADER, ControlToken.read(home));
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(CommonOptions.JSON.writeValueAsBytes(question));
    }
    JsonNode answer = CommonOptions.JSON.readTree(connection.getInputStream());
    if (!answer.isObject()) {
      throw new IOException("the stack on " + home + " gave no answer; ./finks logs may say why");
    }
    return answer;
  }
}
