package ai.finks.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.contract.Compatibility;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contracts of today against those of the last release: {@code released/<version>/}. */
class ReleasedContractsTest {

  private static final Path RELEASED = Path.of("released");

  @Test
  void contractsMayFollowThoseOfTheLastRelease() throws IOException {
    SchemaCatalog today = SchemaCatalog.load(Path.of("."));
    List<String> problems = new ArrayList<>();
    for (Path file : files(lastRelease())) {
      Contract released = Contract.parse(file.toString(), Files.readString(file));
      Contract contract = today.contract(released.entity()).orElse(null);
      if (contract == null) {
        problems.add(file + ": released, and gone from avro/");
      } else {
        Compatibility.check(released, contract)
            .forEach(problem -> problems.add(problem.toString()));
      }
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void lastReleaseHoldsContracts() throws IOException {
    assertThat(files(lastRelease())).isNotEmpty();
  }

  private static Path lastRelease() throws IOException {
    try (Stream<Path> versions = Files.list(RELEASED)) {
      return versions
          .filter(Files::isDirectory)
          .max(Comparator.comparing(version -> sortable(version.getFileName().toString())))
          .orElseThrow();
    }
  }

  /** 0.10.0 comes after 0.9.1. */
  private static String sortable(String version) {
    return Stream.of(version.split("\\."))
        .map(number -> String.format("%08d", Integer.parseInt(number)))
        .collect(Collectors.joining("."));
  }

  private static List<Path> files(Path release) throws IOException {
    try (Stream<Path> files = Files.list(release)) {
      return files
          .filter(file -> file.toString().endsWith(".avsc"))
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
