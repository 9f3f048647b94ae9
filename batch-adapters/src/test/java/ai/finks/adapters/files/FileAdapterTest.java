package ai.finks.adapters.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestListener;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.RawStream;
import ai.finks.adapters.RecordingSink;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.journal.RunJournal;
import ai.finks.adapters.journal.RunRefusedException;
import ai.finks.adapters.journal.RunSummary;
import ai.finks.client.RawSinkException;
import ai.finks.schemas.raw.RawRecord;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileAdapterTest {
  private static final RawStream CSV =
      new RawStream(
          "files",
          "bars",
          RawStream.CSV,
          (payload, attributes) -> new String(payload, ISO_8859_1).split(",")[0],
          List.of("Name"));
  private static final RawStream JSON =
      new RawStream("mongodb", "transactions", RawStream.JSON, (p, attributes) -> null, List.of());

  @TempDir Path home;
  @TempDir Path folder;
  private final RecordingSink sink = new RecordingSink();
  private final List<String> notes = new ArrayList<>();

  @Test
  void csvLinesAreSentAsTheyAreWithHeaderFileAndLineNumber() throws Exception {
    Path file = write("bars.csv", "\uFEFFName,close\r\nAAPL,1.50\r\n\r\nMSFT, 2 \nBAD\"ROW");

    IngestReport report = run("run-1", CSV, sink, file);

    assertThat(report.failed()).isEmpty();
    assertThat(report.sent()).isEqualTo(3);
    assertThat(texts()).containsExactly("AAPL,1.50", "MSFT, 2 ", "BAD\"ROW");
    assertThat(sink.records()).extracting(RawRecord::sequence).containsExactly(2L, 4L, 5L);
    RawRecord first = sink.records().get(0);
    assertThat(first.attributes()).isEqualTo(Map.of("file", "bars.csv", "header", "Name,close"));
    assertThat(first.key()).isEqualTo("AAPL");
    assertThat(first.contentType()).isEqualTo("text/csv");
    assertThat(first.batchId()).isEqualTo("run-1-000000");
  }

  @Test
  void aCsvRecordMaySpanLinesInsideQuotes() throws Exception {
    Path file = write("notes.csv", "Name,note\nA,\"two\r\nlines\"\nB,\"\"\n");

    IngestReport report = run("run-1", CSV, sink, file);

    assertThat(report.failed()).isEmpty();
    assertThat(texts()).containsExactly("A,\"two\r\nlines\"", "B,\"\"");
    assertThat(sink.records()).extracting(RawRecord::sequence).containsExactly(2L, 4L);
  }

  @Test
  void aTextWithSomeNulsIsSentForSilverToRefuse() throws Exception {
    Path csv = write("a.csv", "Name,close\nA,1\nB,\0\0\0\nC,3\n");

    assertThat(run("run-1", CSV, sink, csv).failed()).isEmpty();
    assertThat(texts()).containsExactly("A,1", "B,\0\0\0", "C,3");
  }

  @Test
  void jsonLinesAndArraysAreSentAsTheyAre() throws Exception {
    Path lines = write("a.ndjson", "{\"a\": 1}\n{broken\n{\"a\":\"\\u00e9\"}");
    Path array = write("b.json", "\n[ {\"a\": 1} ,\n {\"b\":[1, 2]}]\n");

    IngestReport report = run("run-1", JSON, sink, lines, array);

    assertThat(report.failed()).isEmpty();
    assertThat(texts())
        .containsExactly(
            "{\"a\": 1}", "{broken", "{\"a\":\"\\u00e9\"}", "{\"a\": 1}", "{\"b\":[1, 2]}");
    assertThat(sink.records())
        .extracting(RawRecord::batchId)
        .containsExactly(
            "run-1-000000", "run-1-000000", "run-1-000000", "run-1-000001", "run-1-000001");
    assertThat(sink.records().get(0).ingestTimeMicros())
        .isLessThan(sink.records().get(3).ingestTimeMicros());
  }

  @Test
  void linesOfAnotherFormatAreSentLikeAnyOther() throws Exception {
    Path csv = write("a.csv", "Name\nA\n{\"not\": \"csv\"}\n");
    Path json = write("b.ndjson", "half of a line\n{\"a\": 1}\n");

    assertThat(run("run-1", CSV, sink, csv).failed()).isEmpty();
    assertThat(run("run-2", JSON, sink, json).failed()).isEmpty();

    assertThat(texts()).containsExactly("A", "{\"not\": \"csv\"}", "half of a line", "{\"a\": 1}");
  }

  @Test
  void anXmlDocumentIsOneRecordWithItsExactBytes() throws Exception {
    String content = "<?xml version='1.0'?>\n<feed>\n  <entry/>\n</feed>\n";
    RawStream xml = new RawStream("x", "y", RawStream.XML, (payload, attributes) -> null);

    assertThat(run("run-1", xml, sink, write("feed.xml", content)).failed()).isEmpty();
    assertThat(run("run-2", xml, sink, write("bare.xml", "<feed/>")).failed()).isEmpty();
    assertThat(run("run-3", xml, sink, write("a.json", "[1]")).failed())
        .singleElement()
        .asString()
        .contains("reads XML");

    assertThat(texts()).containsExactly(content, "<feed/>");
  }

  @Test
  void aHeaderOfASemicolonFileHasItsColumns() throws Exception {
    assertThat(run("run-1", CSV, sink, write("x.csv", "Nr;Name\n1;A\n")).failed()).isEmpty();
    assertThat(texts()).containsExactly("1;A");
  }

  @Test
  void aHeaderThatLooksLikeTheBeginningOfABinaryFileIsOne() throws Exception {
    Path file = write("x.csv", "ORCID,Name\n1,A\n");

    assertThat(run("run-1", CSV, sink, file).failed()).isEmpty();
    assertThat(texts()).containsExactly("1,A");
  }

  @ParameterizedTest
  @CsvSource({"x.csv.gz,gzip", "x.csv.zst,zstd", "x.csv,gzip", "x.csv.gz,zstd", "x.csv.zst,none"})
  void theContentTellsTheCompression(String name, String compression) throws Exception {
    Path file = Files.write(folder.resolve(name), compress("Name\nA\nB\n", compression));

    IngestReport report = run("run-1", CSV, sink, file);

    assertThat(report.failed()).isEmpty();
    assertThat(texts()).containsExactly("A", "B");
    boolean asNamed =
        name.endsWith("gz") && compression.equals("gzip")
            || name.endsWith("zst") && compression.equals("zstd");
    assertThat(notes).hasSize(asNamed ? 0 : 1);
  }

  static Stream<Arguments> filesThatAreNotWhatTheyShouldBe() throws IOException {
    return Stream.of(
        Arguments.of("", CSV, "is empty"),
        Arguments.of("", JSON, "is empty"),
        Arguments.of("{\"a\":1}\n", CSV, "one document per line, and the binding x.y reads CSV"),
        Arguments.of("[{\"a\":1}]", CSV, "is a JSON array, and the binding x.y reads CSV"),
        Arguments.of("a,b\n1,2\n", JSON, "is text, and the binding x.y reads JSON"),
        Arguments.of("{\n  \"a\": 1\n}\n", JSON, "over several lines"),
        Arguments.of("<!DOCTYPE html><p>", CSV, "is HTML or XML"),
        Arguments.of("PK\003\004zip", CSV, "is an archive"),
        Arguments.of("a\0b", CSV, "is binary"),
        Arguments.of("n\0a\0m\0e\0", CSV, "is binary"),
        Arguments.of("some text, \0\1\2\3\4 and more", CSV, "is binary"),
        Arguments.of("1,2\n3,4\n", CSV, "not a header with the column Name"),
        Arguments.of("[{\"a\":1},{\"a\":", JSON, "the array ends unfinished"),
        Arguments.of("[{\"a\":1}]}", JSON, "content after the array's end"));
  }

  @ParameterizedTest
  @MethodSource("filesThatAreNotWhatTheyShouldBe")
  void aFileThatIsNotWhatItShouldBeIsReportedAndTheNextOneIsTaken(
      String content, RawStream stream, String reason) throws Exception {
    Path bad = Files.write(folder.resolve("bad.file"), content.getBytes(ISO_8859_1));
    Path good = write("good", stream == CSV ? "Name\nA\n" : "[{}]");

    IngestReport report = run("run-1", stream, sink, bad, good);

    assertThat(report.failed()).extracting(IngestFailure::unit).containsExactly("bad.file");
    assertThat(report.failed().get(0).reason()).contains(reason);
    assertThat(report.finished()).isTrue();
    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(texts()).endsWith(stream == CSV ? "A" : "{}");
  }

  @Test
  void textInUtf16IsReported() throws Exception {
    Path file = Files.write(folder.resolve("x.csv"), "Name\nA\n".getBytes(UTF_16));
    assertThat(run("run-1", CSV, sink, file).failed().get(0).reason()).contains("UTF-16");
  }

  @Test
  void bytesThatAreNotUtf8PassUntouched() throws Exception {
    byte[] row = {'A', ',', (byte) 0xE9, (byte) 0xFF};
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes("Name,x\n".getBytes(UTF_8));
    content.writeBytes(row);
    Path file = Files.write(folder.resolve("x.csv"), content.toByteArray());

    run("run-1", CSV, sink, file);

    assertThat(sink.records().get(0).payload()).isEqualTo(row);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aDamagedFileIsReportedAndWhatComesBeforeTheDamageIsSent(String compression)
      throws Exception {
    String text =
        IntStream.range(0, 200_000)
            .mapToObj(i -> "S" + i * 7919L)
            .collect(Collectors.joining("\n"));
    byte[] whole = compress("Name\n" + text, compression);
    Path file = Files.write(folder.resolve("x"), Arrays.copyOf(whole, whole.length * 3 / 4));

    IngestReport report = run("run-1", CSV, sink, file);

    assertThat(report.failed()).hasSize(1);
    assertThat(report.failed().get(0).reason()).contains("is damaged");
    assertThat(report.sent()).isBetween(100_000L, 199_999L);
    assertThat(run("run-1", CSV, sink, file).failed()).isEqualTo(report.failed());
  }

  @Test
  void aRecordThatIsTooLongIsReportedAndTheOthersAreSent() throws Exception {
    Path file =
        write("x.csv", "Name\nA\n" + "y".repeat(20 << 20) + "\n" + "z".repeat(500) + "\nB\n");

    IngestReport report = run("run-1", CSV, sink.refusingOver(400), file);

    assertThat(texts()).containsExactly("A", "B");
    assertThat(report.failed())
        .extracting(IngestFailure::unit)
        .containsExactly("x.csv line 3", "x.csv line 4");
    assertThat(report.failed().get(0).reason()).contains("20,971,520 bytes");
  }

  @Test
  void aPathWithoutFileStopsBeforeAnythingIsSent() throws Exception {
    Path file = write("x.csv", "Name\nA\n");
    assertThatThrownBy(() -> run("run-1", CSV, sink, file, folder.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none is not a file");
    assertThatThrownBy(() -> run("run-1", CSV, sink, folder)).hasMessageContaining("is a folder");
    assertThat(sink.records()).isEmpty();
    assertThat(RunJournal.list(home)).isEmpty();
  }

  @Test
  void aFileThatChangedSinceTheRunBeganIsNotResumed() throws Exception {
    Path file = write("x.csv", "Name\nA\nB\nC\n");
    assertThatThrownBy(() -> run("run-1", CSV, new RecordingSink().breakingAfter(1), file))
        .isInstanceOf(RawSinkException.class);
    Files.writeString(file, "D\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> run("run-1", CSV, sink, file))
        .isInstanceOf(RunRefusedException.class)
        .hasMessageContaining("has changed");
    assertThat(sink.records()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aRunThatBreaksAnywhereGoesOnWhereItWasWithTheSameRecords(long seed) throws Exception {
    Random random = new Random(seed);
    int lines = 60_000;
    String text =
        IntStream.range(0, lines).mapToObj(i -> "S" + i).collect(Collectors.joining("\n"));
    Path first = Files.write(folder.resolve("a.csv.zst"), compress("Name\n" + text, "zstd"));
    Path second = write("b.csv", "Name\n" + text + "\n" + "y".repeat(2000));
    FilesRequest request = new FilesRequest("x.y", List.of(first, second), 1000);
    List<RawRecord> stream = new ArrayList<>();
    int breaks = 0;
    IngestReport report = null;
    while (report == null) {
      RecordingSink breaking =
          new RecordingSink(stream).breakingAfter(1 + random.nextInt(lines * 4 / 5));
      try {
        report = FileAdapter.of(request, CSV).run(context("run-1", breaking));
      } catch (RawSinkException e) {
        breaks++;
        assertThat(RunJournal.find(home, "run-1").orElseThrow().state())
            .isEqualTo(RunSummary.State.UNFINISHED);
      }
    }

    assertThat(breaks).isPositive();
    assertThat(report.failed()).extracting(IngestFailure::unit).containsExactly("b.csv line 60002");
    assertThat(report.sent() + report.sentBefore()).isEqualTo(2L * lines);
    Map<String, RawRecord> byIdentity = new HashMap<>();
    for (RawRecord record : stream) {
      RawRecord before = byIdentity.put(record.batchId() + "/" + record.sequence(), record);
      assertThat(before).isIn(null, record);
    }
    assertThat(byIdentity).hasSize(2 * lines);
    // A chunk of 16,384 lines is noted as a whole; the sink acknowledges 20 records behind.
    assertThat(stream.size() - byIdentity.size()).isLessThan(breaks * (16_384 + 21));
  }

  private List<String> texts() {
    return sink.records().stream().map(record -> new String(record.payload(), UTF_8)).toList();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private IngestReport run(String runId, RawStream stream, RecordingSink to, Path... files)
      throws Exception {
    FilesRequest request = FilesRequest.of("x.y", List.of(files));
    return FileAdapter.of(request, stream).run(context(runId, to));
  }

  private IngestContext context(String runId, RecordingSink to) {
    IngestListener listener =
        new IngestListener() {
          @Override
          public void note(String text) {
            notes.add(text);
          }
        };
    return new IngestContext(home, runId, to, listener, Clock.systemUTC());
  }

  private static byte[] compress(String text, String compression) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (compression.equals("none")) {
      bytes.writeBytes(text.getBytes(UTF_8));
      return bytes.toByteArray();
    }
    try (OutputStream out =
        compression.equals("gzip") ? new GZIPOutputStream(bytes) : longRange(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static OutputStream longRange(OutputStream out) throws IOException {
    return new ZstdOutputStream(out).setLong(27);
  }
}
