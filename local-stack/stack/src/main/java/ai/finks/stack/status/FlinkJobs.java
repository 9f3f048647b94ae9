package ai.finks.stack.status;

import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Asks a stack's Flink how its jobs are. */
public final class FlinkJobs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int FAILURE_LENGTH = 600;

  private FlinkJobs() {}

  /** The recorded jobs' states; {@code UNKNOWN} where Flink does not answer. */
  public static List<JobState> of(StackRecord record) {
    String flink = record.url("flink").orElse("");
    List<JobState> states = new ArrayList<>();
    for (StackRecord.Job job : record.jobs()) {
      try {
        JsonNode details = get(flink + "/jobs/" + job.id());
        String state = details.path("state").asText("UNKNOWN");
        String failure =
            state.equals("RUNNING")
                ? ""
                : failureOf(get(flink + "/jobs/" + job.id() + "/exceptions"));
        states.add(new JobState(job.name(), job.id(), state, failure));
      } catch (IOException | IllegalArgumentException e) {
        states.add(new JobState(job.name(), job.id(), "UNKNOWN", ""));
      }
    }
    return states;
  }

  /** The line of the deepest cause: what a person needs first. */
  private static String failureOf(JsonNode exceptions) {
    String stack = exceptions.path("root-exception").asText("");
    JsonNode entries = exceptions.path("exceptionHistory").path("entries");
    if (stack.isEmpty() && entries.size() > 0) {
      stack = entries.get(0).path("stacktrace").asText("");
    }
    String deepest = "";
    for (String line : stack.split("\n")) {
      if (deepest.isEmpty() && !line.isBlank()) {
        deepest = line;
      } else if (line.startsWith("Caused by: ")) {
        deepest = line.substring("Caused by: ".length());
      }
    }
    return deepest.length() > FAILURE_LENGTH ? deepest.substring(0, FAILURE_LENGTH) : deepest;
  }

  private static JsonNode get(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    try (InputStream body = connection.getInputStream()) {
      return JSON.readTree(body);
    } finally {
      connection.disconnect();
    }
  }
}
