package ai.finks.stack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.LakeTables;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run must find, done to the tables of a run in which nothing went wrong. */
class VerdictsTest {
  @TempDir Path folder;

  @Test
  void everyVerdictFindsWhatContradictsIt() throws Exception {
    try (Chaos chaos = ChaosTest.open(folder);
        ChaosRun run = chaos.prepare(1, List.of())) {
      assertThat(run.live().holds()).isTrue();

      withLake(chaos, lake -> appendAgain(lake.load(LakeTables.silver("bars"))));
      assertBroken(run, 10);
      withLake(chaos, lake -> removeFile(lake.load(LakeTables.quarantine("bars"))));
      assertBroken(run, 3, 10);
      withLake(chaos, lake -> removeFile(lake.load(LakeTables.ACCOUNTING)));
      assertBroken(run, 2, 3, 10);
      withLake(chaos, lake -> takeOffsetsBack(lake.load(LakeTables.marks("bars"))));
      assertBroken(run, 2, 3, 6, 10);
      Files.delete(anObject(chaos.home(1).resolve("lake/bronze/source=fmp")));
      assertBroken(run, 1, 2, 3, 6, 10);
      withLake(chaos, lake -> deleteFromDisk(lake.load(LakeTables.silver("transactions"))));
      assertThat(numbers(run.verdictsOfFiles())).containsExactly(5);
    }
  }

  private static void assertBroken(ChaosRun run, int... invariants) throws IOException {
    assertThat(numbers(run.verdicts())).containsExactlyInAnyOrder(box(invariants));
  }

  private static Integer[] box(int... numbers) {
    return Arrays.stream(numbers).boxed().toArray(Integer[]::new);
  }

  private static List<Integer> numbers(List<Verdict> verdicts) {
    return verdicts.stream().filter(verdict -> !verdict.holds()).map(Verdict::invariant).toList();
  }

  private static void withLake(Chaos chaos, Consumer<Lake> change) throws IOException {
    try (Lake lake = Lake.open(FinksHome.at(chaos.home(1)))) {
      change.accept(lake);
    }
  }

  /** The rows of one file stand in the table twice. */
  private static void appendAgain(Table table) {
    DataFile file = aFile(table);
    Path copy = Path.of(file.location()).resolveSibling("again.parquet");
    try {
      Files.copy(Path.of(file.location()), copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    table
        .newAppend()
        .appendFile(DataFiles.builder(table.spec()).copy(file).withPath(copy.toString()).build())
        .commit();
  }

  private static void removeFile(Table table) {
    table.newDelete().deleteFile(aFile(table)).commit();
  }

  private static void takeOffsetsBack(Table table) {
    table.newAppend().set(Carrier.OFFSETS, "{}").commit();
  }

  private static DataFile aFile(Table table) {
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      return files.iterator().next().file();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteFromDisk(Table table) {
    try {
      Files.delete(Path.of(aFile(table).location()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path anObject(Path source) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }
}
