package ai.finks.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The mutations that show that each rule's tests can fail: that they still fit the code, and that
 * no rule of the silver job is without one. Trying them takes minutes: {@code mutations/run.py}.
 */
class MutationsTest {
  private static final Path MUTATIONS = Path.of("src", "test", "mutations");
  private static final Path SOURCES = Path.of("src", "main", "java", "ai", "finks", "flink");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern MUTATION =
      Pattern.compile(
          "rule: (.*)\nfile: (.*)\ntest: (\\w+)#(\\w+)\n--- instead of\n(.*)--- it says\n(.*)",
          Pattern.DOTALL);
  private static final Pattern RULE = Pattern.compile("(?m)^\\| (.+?) \\| .+ \\|$");

  @Test
  void everyMutationFitsTheCodeAndNamesATest() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Matcher mutation : mutations()) {
      String source = Files.readString(SOURCES.resolve(mutation.group(2)));
      if (source.split(Pattern.quote(mutation.group(5)), -1).length != 2) {
        wrong.add("not once in " + mutation.group(2) + ":\n" + mutation.group(5));
      }
      if (mutation.group(5).equals(mutation.group(6))) {
        wrong.add("nothing is changed in " + mutation.group(2));
      }
      if (!test(mutation.group(3)).contains(" void " + mutation.group(4) + "(")) {
        wrong.add("no test " + mutation.group(3) + "#" + mutation.group(4));
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void everyRuleOfTheSilverJobHasAMutationAndEveryMutationARule() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "correctness.md"));
    String silverJob = page.substring(page.indexOf("## The silver job"));
    List<String> rules = rules(silverJob.substring(0, silverJob.indexOf("\n## ")));
    List<String> all = rules(page);
    List<String> broken = new ArrayList<>();
    mutations().forEach(mutation -> broken.add(mutation.group(1)));

    assertThat(rules)
        .hasSizeGreaterThan(20)
        .allSatisfy(rule -> assertThat(broken).as(rule).anyMatch(rule::startsWith));
    assertThat(broken)
        .allSatisfy(named -> assertThat(all).as(named).anyMatch(rule -> rule.startsWith(named)));
  }

  /** The first cells of the tables' rows. */
  private static List<String> rules(String text) {
    List<String> rules = new ArrayList<>();
    Matcher matcher = RULE.matcher(text);
    while (matcher.find()) {
      if (!matcher.group(1).equals("rule")) {
        rules.add(matcher.group(1));
      }
    }
    return rules;
  }

  private static List<Matcher> mutations() throws IOException {
    List<Matcher> mutations = new ArrayList<>();
    try (Stream<Path> files = Files.list(MUTATIONS)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".txt")).toList()) {
        for (String text : Files.readString(file).split("(?m)^====\n")) {
          Matcher matcher = MUTATION.matcher(text);
          assertThat(matcher.matches()).as(text).isTrue();
          mutations.add(matcher);
        }
      }
    }
    return mutations;
  }

  private static String test(String name) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      List<Path> found = files.filter(path -> path.endsWith(name + ".java")).toList();
      assertThat(found).as(name).hasSize(1);
      return Files.readString(found.get(0));
    }
  }
}
