package ai.finks.schemas.binding;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.document.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference names every key that the parser takes, and no other. */
class BindingReferenceTest {

  private static final String UNKNOWN = "qqqqqqqqqqqqqqqqqqqq";
  private static final String BINDING =
      "source: s\nentity: e\nformat: json\nexplode: /rows\nraw-key: /a\nfields: {}\n";
  private static final Pattern KNOWN = Pattern.compile("\\(known: ([^)]*)\\)");
  private static final Pattern KEY = Pattern.compile("`([a-z-]+)`");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The binding | fields: {}      | fields: {}~%s: 1",
        "Stream      | format: json    | format: json~stream: {%s: 1}",
        "Explode     | explode: /rows  | explode: {pointer: /rows, %s: 1}",
      })
  void referenceNamesExactlyTheKeysOf(String section, String from, String to) throws IOException {
    assertThat(documented(section)).isEqualTo(known(from, to));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Fields | fields: {}   | fields: {f: {combine: [/a, /b], %s: 1}}",
        "Filter | format: json | format: json~filter: [{combine: [/a, /b], %s: 1, in: [x]}]",
      })
  void referenceNamesExactlyTheKeysBesidePlacesOf(String section, String from, String to)
      throws IOException {
    Set<String> all = documented(section);
    all.addAll(documented("Places"));

    assertThat(all).isEqualTo(known(from, to));
  }

  private static Set<String> known(String from, String to) {
    Problems problems = new Problems();
    String added = String.format(to, UNKNOWN).replace('~', '\n');
    Binding.parse("b", BINDING.replace(from, added), problems);
    String message =
        problems.list().stream()
            .map(problem -> problem.message())
            .filter(text -> text.contains(UNKNOWN))
            .findFirst()
            .orElseThrow();
    Matcher matcher = KNOWN.matcher(message);
    assertThat(matcher.find()).as(message).isTrue();
    return new TreeSet<>(Set.of(matcher.group(1).split(", ")));
  }

  /** The keys in the first column of the section's first table. */
  private static Set<String> documented(String section) throws IOException {
    String text = Files.readString(Path.of("../docs/bindings.md"));
    int start = text.indexOf("\n## " + section + "\n");
    assertThat(start).as(section).isPositive();
    Set<String> keys = new TreeSet<>();
    boolean inTable = false;
    for (String line : text.substring(start + 1).split("\n")) {
      if (line.startsWith("| `")) {
        inTable = true;
        Matcher matcher = KEY.matcher(line.split("\\|")[1]);
        while (matcher.find()) {
          keys.add(matcher.group(1));
        }
      } else if (inTable) {
        return keys;
      }
    }
    return keys;
  }
}
