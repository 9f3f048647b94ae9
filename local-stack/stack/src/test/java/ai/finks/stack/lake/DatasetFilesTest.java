package ai.finks.stack.lake;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFilesTest {
  @TempDir Path folder;

  @Test
  void aDatasetEndsWhereItsPeriodsBeginAndOnlyItsDataCounts() throws IOException {
    FinksHome home = FinksHome.at(folder);
    write("silver/entity=bars/year=2017/month=01/a.parquet", 10);
    write("silver/entity=bars/year=2017/month=02/b.parquet", 5);
    write("bronze/_ledger/d.parquet", 99);
    write("marks/entity=bars/e.parquet", 99);
    write("silver/entity=bars/metadata/v1.metadata.json", 99);
    write("silver/entity=bars/year=2017/month=02/.b.parquet.crc", 99);
    write("gold/domain=portfolio/dataset=daily/version=1/year=2017/c.parquet", 3);

    assertThat(DatasetFiles.in(home))
        .containsExactly(
            new DatasetFiles(
                Path.of("silver/entity=bars"), 2, 15, Path.of("year=2017/month=02/b.parquet")),
            new DatasetFiles(
                Path.of("gold/domain=portfolio/dataset=daily/version=1"),
                1,
                3,
                Path.of("year=2017/c.parquet")));
  }

  @Test
  void aHomeWithoutALakeHasNone() throws IOException {
    assertThat(DatasetFiles.in(FinksHome.at(folder))).isEmpty();
  }

  private void write(String path, int bytes) throws IOException {
    Path file = folder.resolve("lake").resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
  }
}
