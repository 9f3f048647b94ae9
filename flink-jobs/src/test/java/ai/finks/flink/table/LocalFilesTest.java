package ai.finks.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir private java.nio.file.Path home;

  @Test
  void listingGoesOnWhereFilesAreRemovedMeanwhile() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      Files.createDirectories(home.resolve(name));
      Files.writeString(home.resolve(name).resolve("file"), name);
    }
    List<String> seen = new ArrayList<>();

    try (LocalFiles files = new LocalFiles()) {
      files.initialize(home.toUri(), new Configuration());
      RemoteIterator<LocatedFileStatus> all = files.listFiles(new Path(home.toUri()), true);
      while (all.hasNext()) {
        seen.add(all.next().getPath().getParent().getName());
        for (String name : List.of("a", "b", "c")) {
          Files.deleteIfExists(home.resolve(name).resolve("file"));
        }
      }
    }

    assertThat(seen).hasSizeBetween(1, 3);
  }
}
