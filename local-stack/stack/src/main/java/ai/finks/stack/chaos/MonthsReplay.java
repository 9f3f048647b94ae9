package ai.finks.stack.chaos;

import ai.finks.stack.chaos.RecordMaker.Stream;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A replay of some months, as a command, and what its result must say.
 *
 * @param stream whose entity is replayed
 * @param from the first month
 * @param to the last month
 * @param origin where records are read from; empty to leave it to the platform
 */
record MonthsReplay(Stream stream, YearMonth from, YearMonth to, String origin) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("replay-[a-z_]+-\\d{8}-\\d{6}-[0-9a-z]+");

  List<String> words() {
    List<String> words =
        new ArrayList<>(
            List.of(
                "replay",
                stream.entity(),
                "--from",
                from.atDay(1).toString(),
                "--to",
                to.atEndOfMonth().toString(),
                "--json"));
    if (!origin.isEmpty()) {
      words.addAll(List.of("--origin", origin));
    }
    return words;
  }

  /** The command that goes on with a replay that told its id. */
  List<String> resumed(String progress) {
    Matcher id = ID.matcher(progress);
    if (!id.find()) {
      throw new PlatformFailure("A replay did not tell its id before it died: " + progress);
    }
    return List.of("replay", stream.entity(), "--resume", id.group(), "--json");
  }

  /**
   * What a result says that it should not.
   *
   * @param toAdd how many rows are missing; nothing else may change
   */
  List<String> differences(String result, long toAdd) {
    try {
      JsonNode said = JSON.readTree(result);
      String state = toAdd == 0 ? "unchanged" : "published";
      boolean asExpected =
          said.path("state").asText().equals(state)
              && said.at("/rows/added").asLong(-1) == toAdd
              && said.at("/rows/restated").asLong(-1) == 0
              && said.at("/rows/removed").asLong(-1) == 0
              && said.at("/audit/balanced").asBoolean();
      return asExpected
          ? List.of()
          : List.of("expected " + state + " with " + toAdd + " rows added, but it says " + result);
    } catch (JsonProcessingException e) {
      return List.of("no result of a replay of " + this + ": " + result);
    }
  }
}
