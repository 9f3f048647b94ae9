package ai.finks.stack.cli;

import ai.finks.schemas.SchemaProblem;
import ai.finks.stack.home.ControlToken;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code contracts apply}: the running stack takes in what is new or changed. */
@Command(
    name = "apply",
    description =
        "Check everything, then let the running stack take new contracts and bindings in.",
    footer = {
      "",
      "Creates topics and tables, changes tables in place, and restarts the jobs from savepoints;",
      "what is sent meanwhile is read afterwards. Exit code 1 when it is refused, with the reasons."
    })
final class ContractsApplyCommand implements Callable<Integer> {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ContractsCommand.Folder folder = new ContractsCommand.Folder();

  @Option(
      names = "--remove",
      paramLabel = "NAME",
      split = ",",
      description =
          "A binding (SOURCE.ENTITY), or the contract of an ENTITY whose tables hold no rows, that"
              + " the folder no longer has and that may go. Topics and tables stay.")
  private List<String> removable = List.of();

  @Override
  public Integer call() {
    FinksHome home = common.home();
    StackRecord stack = RunningStack.of(home);
    RunningStack.requireLivingJobs(home, stack);
    Path schemas = folder.path(common).toAbsolutePath().normalize();
    List<SchemaProblem> problems = ContractsCommand.Check.problems(schemas);
    if (!problems.isEmpty()) {
      return refused(CommonOptions.JSON.createObjectNode(), ContractsCommand.Check.json(problems));
    }
    long started = System.nanoTime();
    JsonNode answer = ask(home, stack, schemas);
    if (answer.has("failed")) {
      throw CommandFailure.platform(answer.path("failed").asText());
    }
    ObjectNode document = CommonOptions.JSON.createObjectNode();
    if (answer.has("refused")) {
      return refused(document, answer.path("refused"));
    }
    JsonNode outcome = answer.path("outcome");
    if (common.json()) {
      document.put("applied", true);
      document.setAll((ObjectNode) outcome);
      document.put("seconds", Elapsed.seconds(started));
      common.print(document);
    } else {
      print(outcome, started);
    }
    return ExitCode.DONE.code();
  }

  private Integer refused(ObjectNode document, JsonNode problems) {
    if (common.json()) {
      document.put("applied", false);
      document.set("problems", problems);
      common.print(document);
    } else {
      for (JsonNode problem : problems) {
        common.print(
            problem.path("file").asText()
                + ":"
                + problem.path("line").asInt()
                + ": "
                + problem.path("message").asText());
      }
      common.print("Refused; nothing was changed.");
    }
    return ExitCode.DATA.code();
  }

  private void print(JsonNode outcome, long started) {
    List<String> parts = new ArrayList<>();
    part(parts, "new entities", outcome.path("new_entities"));
    part(parts, "changed entities", outcome.path("changed_entities"));
    part(parts, "new bindings", outcome.path("new_bindings"));
    part(parts, "changed bindings", outcome.path("changed_bindings"));
    part(parts, "removed contracts", outcome.path("removed_entities"));
    part(parts, "removed bindings", outcome.path("removed_bindings"));
    if (parts.isEmpty()) {
      common.print("Nothing to take in: the stack runs with these contracts and bindings.");
      return;
    }
    part(parts, "restarted", outcome.path("restarted"));
    common.print(
        String.format(
            "Taken in after %.1f s: %s.", Elapsed.seconds(started), String.join("; ", parts)));
  }

  private static void part(List<String> parts, String what, JsonNode names) {
    List<String> texts = new ArrayList<>();
    names.forEach(name -> texts.add(name.asText()));
    if (!texts.isEmpty()) {
      parts.add(what + " " + String.join(", ", texts));
    }
  }

  private JsonNode ask(FinksHome home, StackRecord stack, Path schemas) {
    String url =
        stack
            .url("control")
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "The stack on "
                            + home
                            + " is of an earlier version of Finks; ./finks down, then ./finks up"));
    JsonNode last = CommonOptions.JSON.missingNode();
    try {
      HttpURLConnection connection = open(home, url + "/contracts/apply");
      ObjectNode request = CommonOptions.JSON.createObjectNode();
      request.put("schemas", schemas.toString());
      request.set("remove", CommonOptions.JSON.valueToTree(removable));
      try (OutputStream out = connection.getOutputStream()) {
        out.write(CommonOptions.JSON.writeValueAsBytes(request));
      }
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          last = CommonOptions.JSON.readTree(line);
          if (last.has("step")) {
            common.progress("  " + last.path("step").asText());
          }
        }
      }
    } catch (IOException e) {
      throw gone(home, e);
    }
    if (last.isMissingNode() || last.has("step")) {
      throw gone(home, new IOException("the stack gave no answer"));
    }
    return last;
  }

  private static HttpURLConnection open(FinksHome home, String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setRequestMethod("POST");
    connection.setRequestProperty(ControlToken.HEADER, ControlToken.read(home));
    connection.setDoOutput(true);
    return connection;
  }

  private static CommandFailure gone(FinksHome home, IOException cause) {
    return CommandFailure.platform(
        "The stack was lost while it took the contracts in: "
            + cause.getMessage()
            + "\n./finks up"
            + RunningStack.homeOption(home)
            + " brings it back with the contracts of before or with these; nothing is lost",
        cause);
  }
}
