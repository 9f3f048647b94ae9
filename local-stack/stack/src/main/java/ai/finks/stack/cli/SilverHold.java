package ai.finks.stack.cli;

import ai.finks.stack.home.ControlToken;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The running stack's silver job, paused as long as this is open. The stack resumes it also when
 * this process is gone.
 */
final class SilverHold implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final FinksHome home;
  private final String control;
  private final BufferedReader answer;

  private SilverHold(FinksHome home, String control, BufferedReader answer) {
    this.home = home;
    this.control = control;
    this.answer = answer;
  }

  /** Pauses the job and returns when it stands still. */
  static SilverHold take(FinksHome home, StackRecord stack) {
    String control =
        stack
            .url("control")
            .orElseThrow(
                () -> CommandFailure.usage("The stack on " + home + " is of an earlier version"));
    try {
      HttpURLConnection connection = post(home, control + "/silver/pause");
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      SilverHold hold = new SilverHold(home, control, answer);
      JsonNode first = hold.next();
      if (!first.has("step")) {
        throw CommandFailure.platform(
            "The silver job was not paused: " + first.path("failed").asText("no answer"));
      }
      return hold;
    } catch (IOException e) {
      throw lost(home, e);
    }
  }

  private static HttpURLConnection post(FinksHome home, String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setRequestMethod("POST");
    connection.setRequestProperty(ControlToken.HEADER, ControlToken.read(home));
    return connection;
  }

  private JsonNode next() throws IOException {
    String line = answer.readLine();
    return line == null ? CommonOptions.JSON.missingNode() : CommonOptions.JSON.readTree(line);
  }

  /** Resumes the job and returns when it runs. */
  @Override
  public void close() {
    try (answer) {
      post(home, control + "/silver/resume").getResponseCode();
      JsonNode line = next();
      while (line.has("step")) {
        line = next();
      }
      if (!line.has("outcome")) {
        throw CommandFailure.platform(
            "The silver job was not resumed: "
                + line.path("failed").asText("no answer")
                + "\n./finks down, then ./finks up starts it from where its tables stand");
      }
    } catch (IOException e) {
      throw lost(home, e);
    }
  }

  private static CommandFailure lost(FinksHome home, IOException cause) {
    return CommandFailure.platform(
        "The stack on "
            + home
            + " was lost: "
            + cause.getMessage()
            + "; ./finks up brings it back, then give the command again",
        cause);
  }
}
