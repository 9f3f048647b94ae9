package ai.finks.simulators.demo;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes the shipped files of {@code local-stack/demo-data} from their public originals.
 *
 * <p>Rows and lines keep their exact text; only their selection and order are decided here. The
 * same originals and the same zstd version give the same bytes again.
 */
public final class DemoDataPacker {
  private static final int LEVEL = Zstd.maxCompressionLevel();

  /** Snapshots in UTC that are taken from the beginning, after those with another offset. */
  private static final int UTC_SNAPSHOTS = 16;

  private static final String TIME_FIELD = "{\"snapshot_time\":\"";
  private static final int TIME_LENGTH = "2025-12-28T18:32:43+02:00".length();

  private DemoDataPacker() {}

  /**
   * Arguments: folder with one {@code <symbol>_data.csv} per symbol, the NDJSON (zstd) of every
   * quote snapshot, the folder to write to.
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException(
          "expected: <folder of CSV files> <snapshots.ndjson.zst> <demo-data folder>");
    }
    Path target = Path.of(args[2]);
    write(target.resolve(DemoBars.FILE_NAME), bars(Path.of(args[0])));
    write(target.resolve(DemoQuotes.FILE_NAME), quotes(Path.of(args[1])));
  }

  private static byte[] bars(Path folder) throws IOException {
    List<String> rows = new ArrayList<>(DemoBars.ROWS);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith("_data.csv")).toList()) {
        List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
        if (!lines.get(0).equals(DemoBars.HEADER)) {
          throw new IOException(file + " has another header: " + lines.get(0));
        }
        rows.addAll(lines.subList(1, lines.size()));
      }
    }
    rows.sort(
        Comparator.comparing((String row) -> row.substring(row.lastIndexOf(',') + 1))
            .thenComparing(row -> row.substring(0, row.indexOf(','))));
    ByteArrayOutputStream out = new ByteArrayOutputStream(30_000_000);
    appendLine(out, DemoBars.HEADER);
    for (String row : rows) {
      appendLine(out, row);
    }
    return out.toByteArray();
  }

  private static byte[] quotes(Path snapshots) throws IOException {
    Set<String> chosen = chosenSnapshots(snapshots);
    ByteArrayOutputStream out = new ByteArrayOutputStream(25_000_000);
    try (BufferedReader reader = open(snapshots)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (chosen.contains(snapshotTime(line))) {
          appendLine(out, line);
        }
      }
    }
    return out.toByteArray();
  }

  /** Every snapshot with an offset other than +00:00, and the first ones in UTC. */
  private static Set<String> chosenSnapshots(Path snapshots) throws IOException {
    Set<String> chosen = new LinkedHashSet<>();
    Set<String> utc = new LinkedHashSet<>();
    try (BufferedReader reader = open(snapshots)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String time = snapshotTime(line);
        if (!time.endsWith("+00:00")) {
          chosen.add(time);
        } else if (utc.size() < UTC_SNAPSHOTS) {
          utc.add(time);
        }
      }
    }
    chosen.addAll(utc);
    return chosen;
  }

  private static String snapshotTime(String line) throws IOException {
    if (!line.startsWith(TIME_FIELD)) {
      throw new IOException("a line does not begin with its snapshot_time");
    }
    return line.substring(TIME_FIELD.length(), TIME_FIELD.length() + TIME_LENGTH);
  }

  private static BufferedReader open(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            new ZstdInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
  }

  private static void appendLine(ByteArrayOutputStream out, String line) {
    out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      zstd.setLevel(LEVEL);
      zstd.setChecksum(true);
      byte[] packed = zstd.compress(content);
      Files.write(file, packed);
      System.out.println(file + ": " + content.length + " -> " + packed.length + " bytes");
    }
  }
}
