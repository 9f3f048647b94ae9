package ai.finks.simulators.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataPackerTest {
  private static final String HEADER = "date,open,high,low,close,volume,Name\n";

  @TempDir Path originals;
  @TempDir Path target;

  @BeforeEach
  void originalQuotes() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int day = 1; day <= 18; day++) {
      lines.append(quote("2026-01-%02dT10:00:00+00:00".formatted(day), "1.50"));
    }
    lines.append(quote("2026-02-01T10:00:00+01:00", "1.5"));
    Files.write(
        originals.resolve("snapshots.ndjson.zst"),
        Zstd.compress(lines.toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void rowsAreOrderedAndKeepTheirText() throws Exception {
    Files.writeString(originals.resolve("AA_data.csv"), HEADER + "2013-02-08,1.0,,1.50,1,7,AA\n");
    Files.writeString(
        originals.resolve("A_data.csv"),
        HEADER + "2013-02-11,1,1,1,1,7,A\n2013-02-08,1,1,1,1,7,A\n");

    pack();

    assertThat(unpacked(DemoBars.FILE_NAME))
        .isEqualTo(
            HEADER
                + "2013-02-08,1,1,1,1,7,A\n2013-02-11,1,1,1,1,7,A\n"
                + "2013-02-08,1.0,,1.50,1,7,AA\n");
  }

  @Test
  void snapshotsWithAnotherOffsetAndTheFirstSixteenOthersAreTaken() throws Exception {
    pack();

    assertThat(unpacked(DemoQuotes.FILE_NAME).lines())
        .hasSize(17)
        .startsWith(quote("2026-01-01T10:00:00+00:00", "1.50").strip())
        .endsWith(quote("2026-02-01T10:00:00+01:00", "1.5").strip());
  }

  @Test
  void aFileWithAnotherHeaderIsRefused() throws Exception {
    Files.writeString(originals.resolve("A_data.csv"), "day,open\n");

    assertThatThrownBy(this::pack)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("A_data.csv has another header: day,open");
  }

  private void pack() throws IOException {
    DemoDataPacker.main(
        new String[] {
          originals.toString(),
          originals.resolve("snapshots.ndjson.zst").toString(),
          target.toString()
        });
  }

  private String unpacked(String file) throws IOException {
    byte[] packed = Files.readAllBytes(target.resolve(file));
    byte[] text = Zstd.decompress(packed, (int) Zstd.getFrameContentSize(packed));
    return new String(text, StandardCharsets.UTF_8);
  }

  private static String quote(String time, String price) {
    return "{\"snapshot_time\":\"%s\",\"symbol\":\"A\",\"price\":\"%s\"}\n".formatted(time, price);
  }
}
