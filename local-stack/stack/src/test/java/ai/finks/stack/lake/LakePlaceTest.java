package ai.finks.stack.lake;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.processes.S3Access;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakePlaceTest {
  @TempDir Path folder;

  @Test
  void aLakeIsTheHomesOwnFolderUnlessTheHomeSaysOtherwise() {
    FinksHome home = FinksHome.at(folder);

    LakePlace place = LakePlace.of(home);

    assertThat(place.isFolder()).isTrue();
    assertThat(place.root()).isEqualTo(home.lake().toString());
    assertThat(Lake.catalogSettings(home)).containsOnlyKeys("catalog.uri");
  }

  @Test
  void aLakeBehindAnS3ApiIsReadBackAsItWasWrittenByItsOwnerOnly() throws IOException {
    FinksHome home = FinksHome.at(folder);
    LakePlace place =
        LakePlace.behind(
            URI.create("http://127.0.0.1:20001"), new S3Access("who", "what"), Path.of("/plugins"));

    place.write(home);

    assertThat(LakePlace.of(home)).isEqualTo(place);
    assertThat(Lake.root(home)).isEqualTo("s3://finks/lake");
    assertThat(Lake.catalogSettings(home))
        .containsEntry("catalog.property.s3.endpoint", "http://127.0.0.1:20001");
    assertThat(place.flinkFiles())
        .containsEntry("s3.endpoint", "http://127.0.0.1:20001")
        .containsEntry("s3.secret-key", "what");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.lakeFile())))
        .isEqualTo("rw-------");
  }

  @Test
  void tablesOfALakeWhoseStoreIsDownAreNotThere() throws IOException {
    FinksHome home = FinksHome.at(folder);
    Files.createDirectories(home.catalogFile().getParent());
    Files.createFile(home.catalogFile());
    assertThat(Lake.existsIn(home)).isTrue();

    LakePlace.behind(
            URI.create("http://127.0.0.1:1"), new S3Access("who", "what"), Path.of("/plugins"))
        .write(home);

    assertThat(Lake.existsIn(home)).isFalse();
  }
}
