package ai.finks.flink.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPointsTest {
  private static final Path CHECKOUT = Path.of("..");
  private static final Pattern IN_CODE = Pattern.compile("FaultPoints\\.pass\\(\\s*\"([^\"]+)\"");
  private static final Pattern IN_PAGE = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

  @AfterEach
  void disarm() {
    System.clearProperty(FaultPoints.PROPERTY);
  }

  @Test
  void placeThatIsNotArmedDoesNothing() {
    assertThatCode(() -> FaultPoints.pass("a.place")).doesNotThrowAnyException();

    System.setProperty(FaultPoints.PROPERTY, "another.place:fail");
    assertThatCode(() -> FaultPoints.pass("a.place")).doesNotThrowAnyException();
  }

  @Test
  void placeFailsOnceAtThePassThatWasAskedFor() {
    System.setProperty(FaultPoints.PROPERTY, "a.place@2:fail, another.place:fail");

    FaultPoints.pass("a.place");
    assertThatThrownBy(() -> FaultPoints.pass("a.place"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("a.place");
    assertThatCode(() -> FaultPoints.pass("a.place")).doesNotThrowAnyException();
    assertThatThrownBy(() -> FaultPoints.pass("another.place"))
        .hasMessageContaining("another.place");
  }

  @Test
  void newValueOfThePropertyCountsAnew() {
    System.setProperty(FaultPoints.PROPERTY, "a.place:fail");
    assertThatThrownBy(() -> FaultPoints.pass("a.place")).isInstanceOf(UncheckedIOException.class);

    System.setProperty(FaultPoints.PROPERTY, "a.place@1:fail");
    assertThatThrownBy(() -> FaultPoints.pass("a.place")).isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a.place", "a.place:stop", "a.place@0:kill", "a.place:fail,", "A:fail"})
  void propertyThatCannotBeReadIsNamedWithItsValue(String value) {
    System.setProperty(FaultPoints.PROPERTY, value);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPoints.pass("a.place"))
        .withMessageContaining(FaultPoints.PROPERTY)
        .withMessageContaining("'" + value + "'");
  }

  @Test
  void killEndsTheProcessWithoutShutdownHooks() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + FaultPoints.PROPERTY + "=a.place@2:kill",
                "-cp",
                System.getProperty("java.class.path"),
                Passing.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor()).isEqualTo(FaultPoints.KILLED);
    assertThat(output)
        .contains("passed once")
        .doesNotContain("passed twice")
        .doesNotContain("hook");
  }

  @Test
  void pageNamesEveryPlaceOfTheCodeAndNoOther() throws IOException {
    TreeSet<String> inCode = new TreeSet<>();
    for (Path sources : sourceFolders()) {
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          inCode.addAll(names(IN_CODE, file));
        }
      }
    }

    assertThat(inCode).as("places in the code").isNotEmpty();
    assertThat(names(IN_PAGE, CHECKOUT.resolve("docs/fault-points.md")))
        .containsExactlyInAnyOrderElementsOf(inCode);
  }

  /** Of all modules: a folder of the checkout, or a folder in one. */
  private static List<Path> sourceFolders() throws IOException {
    try (Stream<Path> folders = Files.walk(CHECKOUT, 2)) {
      return folders
          .map(folder -> folder.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private static List<String> names(Pattern pattern, Path file) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  /** What the killed process runs. */
  static final class Passing {
    private Passing() {}

    public static void main(String[] args) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
      FaultPoints.pass("a.place");
      System.out.println("passed once");
      FaultPoints.pass("a.place");
      System.out.println("passed twice");
    }
  }
}
