package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page whose fenced blocks are done as they stand there, in a scratch folder.
 *
 * <ul>
 *   <li>{@code console}: lines that begin with {@code $ } are commands; what they print to stdout
 *       is written below them, and {@code (exit code n)} where it is not 0
 *   <li>{@code diff PATH}: a change of a file
 *   <li>any other language with a {@code PATH}: the content of a file
 * </ul>
 */
final class CookbookPage {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)(?: (\\S+))?\\n(.*?)^```$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private final Path scratch;
  private final TestStack stack;

  CookbookPage(Path scratch, TestStack stack) {
    this.scratch = scratch;
    this.stack = stack;
  }

  /** Does all that a page says, and returns the page with what was printed. */
  String run(String page) throws Exception {
    StringBuilder done = new StringBuilder();
    Matcher block = BLOCK.matcher(page);
    int from = 0;
    while (block.find()) {
      done.append(page, from, block.start(3));
      String body = block.group(3);
      if (block.group(1).equals("console")) {
        body = console(body);
      } else if (block.group(2) != null) {
        write(scratch.resolve(block.group(2)), block.group(1).equals("diff"), body);
      }
      done.append(body);
      from = block.end(3);
    }
    return done.append(page.substring(from)).toString();
  }

  /** Leaves out what differs from run to run. */
  static String normalised(String page) {
    return page.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z", "<time>")
        .replaceAll("\\b\\d+(\\.\\d+)? (s|bytes/s|records/s)\\b", "<n> $2")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:<port>")
        .replaceAll("pid \\d+", "pid <n>")
        .replaceAll("[ \\t]+", " ")
        .replaceAll("-{3,}", "---");
  }

  private static void write(Path file, boolean change, String body) throws IOException {
    if (!change) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, body);
      return;
    }
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (String line : body.split("\n")) {
      String text = line.isEmpty() ? "\n" : line.substring(1) + "\n";
      if (!line.startsWith("+")) {
        before.append(text);
      }
      if (!line.startsWith("-")) {
        after.append(text);
      }
    }
    String text = Files.readString(file);
    assertThat(text).as("%s, which the page changes", file.getFileName()).contains(before);
    Files.writeString(file, text.replace(before, after));
  }

  private String console(String body) throws Exception {
    StringBuilder done = new StringBuilder();
    for (String line : body.split("\n")) {
      if (line.startsWith("$ ")) {
        done.append(line).append('\n').append(command(line.substring(2)));
      }
    }
    return done.toString();
  }

  private String command(String line) throws Exception {
    List<String> words = new ArrayList<>();
    for (Matcher word = WORD.matcher(line); word.find(); ) {
      String text = word.group(1) != null ? word.group(1) : word.group(2);
      words.add(text != null ? text : inScratch(word.group(3)));
    }
    assertThat(words.remove(0)).isEqualTo("./finks");
    int redirect = words.indexOf(">");
    Path target = null;
    if (redirect >= 0) {
      target = Path.of(words.get(redirect + 1));
      words = words.subList(0, redirect);
    }
    CommandRun run = run(words);
    String out = run.out().replace(scratch + "/", "");
    if (target != null) {
      Files.writeString(target, run.out());
      out = "";
    }
    return run.exitCode() == 0 ? out : out + "(exit code " + run.exitCode() + ")\n";
  }

  /** Python writes past this JVM, so a query runs in one of its own. */
  private CommandRun run(List<String> words) throws Exception {
    if (!words.get(0).equals("query")) {
      return stack.run(words.toArray(new String[0]));
    }
    List<String> quiet = new ArrayList<>(words);
    quiet.add("--quiet");
    Process process = stack.launch(quiet.toArray(new String[0]));
    int exitCode = process.waitFor();
    return new CommandRun(exitCode, stack.launchedOutput(), "");
  }

  private String inScratch(String word) {
    boolean path = word.startsWith("schemas/") || Files.exists(scratch.resolve(word));
    return path ? scratch.resolve(word).toString() : word;
  }
}
