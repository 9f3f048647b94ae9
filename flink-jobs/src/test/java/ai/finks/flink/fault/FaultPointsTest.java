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
    assertThatCode(() -> FaultPoints.pass("silver.commit.before")).doesNotThrowAnyException();

    System.setProperty(FaultPoints.PROPERTY, "silver.commit.after:fail");
    assertThatCode(() -> FaultPoints.pass("silver.commit.before")).doesNotThrowAnyException();
  }

  @Test
  void placeFailsOnceAtThePassThatWasAskedFor() {
    System.setProperty(
        FaultPoints.PROPERTY, "silver.commit.before@2:fail, silver.commit.after:fail");

    FaultPoints.pass("silver.commit.before");
    assertThatThrownBy(() -> FaultPoints.pass("silver.commit.before"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("silver.commit.before");
    assertThatCode(() -> FaultPoints.pass("silver.commit.before")).doesNotThrowAnyException();
    assertThatThrownBy(() -> FaultPoints.pass("silver.commit.after"))
        .hasMessageContaining("silver.commit.after");
  }

  @Test
  void newValueOfThePropertyCountsAnew() {
    System.setProperty(FaultPoints.PROPERTY, "silver.commit.before:fail");
    assertThatThrownBy(() -> FaultPoints.pass("silver.commit.before"))
        .isInstanceOf(UncheckedIOException.class);

    System.setProperty(FaultPoints.PROPERTY, "silver.commit.before@1:fail");
    assertThatThrownBy(() -> FaultPoints.pass("silver.commit.before"))
        .isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "silver.commit.before",
        "silver.commit.before:stop",
        "silver.commit.before@0:kill",
        "silver.commit.before:fail,",
        "A:fail"
      })
  void propertyThatCannotBeReadIsNamedWithItsValue(String value) {
    System.setProperty(FaultPoints.PROPERTY, value);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPoints.pass("silver.commit.before"))
        .withMessageContaining(FaultPoints.PROPERTY)
        .withMessageContaining("'" + value + "'");
  }

  @Test
  void placeThatIsNowherePassedIsRefused() {
    System.setProperty(FaultPoints.PROPERTY, "silver.comit.before:kill");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultPoints.pass("silver.commit.before"))
        .withMessageContaining("silver.comit.before");
  }

  @Test
  void stepOfTheClockThatIsNoNumberIsRefused() {
    System.setProperty(WallClock.PROPERTY, "1h");
    try {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WallClock.utc().millis())
          .withMessageContaining("'1h'");
    } finally {
      System.clearProperty(WallClock.PROPERTY);
    }
  }

  @Test
  void killEndsTheProcessWithoutShutdownHooks() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + FaultPoints.PROPERTY + "=silver.commit.before@2:kill",
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

    assertThat(FaultPoints.NAMES).containsExactlyInAnyOrderElementsOf(inCode);
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
      FaultPoints.pass("silver.commit.before");
      System.out.println("passed once");
      FaultPoints.pass("silver.commit.before");
      System.out.println("passed twice");
    }
  }
}
