package ai.finks.adapters.files;

import ai.finks.adapters.BatchAdapter;
import ai.finks.adapters.Execution;
import ai.finks.adapters.IngestContext;
import ai.finks.adapters.IngestReport;
import ai.finks.adapters.RawStream;
import ai.finks.adapters.core.ContentKind;
import ai.finks.adapters.core.CsvSplitter;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.core.JsonArraySplitter;
import ai.finks.adapters.core.LineSplitter;
import ai.finks.adapters.core.MalformedContentException;
import ai.finks.adapters.core.RecordSplitter;
import ai.finks.adapters.core.WholeContent;
import ai.finks.adapters.journal.Batch;
import ai.finks.adapters.journal.RunJournal;
import ai.finks.adapters.journal.RunRefusedException;
import ai.finks.adapters.journal.RunUnit;
import ai.finks.client.RecordTooLargeException;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of files into a raw topic: whole XML documents, CSV records, JSON lines,
 * elements of JSON arrays, each with its exact bytes.
 *
 * <p>A file is a batch and a record's sequence the number of its first line (from 1; an array's
 * element: from 0), so a resumed run sends the same records again, from the last ones that were
 * acknowledged for certain. A CSV file's first line is its header: it travels in the attribute
 * {@code header} of each record. The attribute {@code file} is the file's name without its folder.
 * Files are taken one after the other, in the given order.
 *
 * <p>A file that cannot be read as what the binding says is reported; of one that is damaged, what
 * comes before the damage is sent.
 */
public final class FileAdapter implements BatchAdapter {
  /** As users name it. */
  public static final String NAME = "files";

  private final FilesRequest request;
  private final RawStream stream;

  private FileAdapter(FilesRequest request, RawStream stream) {
    this.request = request;
    this.stream = stream;
  }

  /**
   * @param request which files
   * @param stream where they go and what they hold
   */
  public static FileAdapter of(FilesRequest request, RawStream stream) {
    return new FileAdapter(request, stream);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> asked() {
    return request.args();
  }

  @Override
  public IngestReport run(IngestContext context) throws IOException, InterruptedException {
    try (RunJournal journal =
        RunJournal.open(context.home(), context.runId(), NAME, request.args(), request::units)) {
      int count = journal.units().size();
      context
          .listener()
          .started(context.runId(), journal.resumed(), count == 1 ? "1 file" : count + " files");
      Execution execution = new Execution(journal, context);
      if (!journal.finished()) {
        for (int unit = 0; unit < count; unit++) {
          if (journal.result(unit) == null) {
            take(execution, unit);
          }
        }
        execution.complete();
      }
      return execution.report(List.of());
    }
  }

  private void take(Execution execution, int unit) throws IOException, InterruptedException {
    RunUnit planned = execution.journal().units().get(unit);
    if (!FilesRequest.unchanged(planned)) {
      throw new RunRefusedException(
          planned.parameters().get("path")
              + " has changed since the run began; take it with a new run id");
    }
    FileAcknowledgements acknowledgements = new FileAcknowledgements(execution, unit);
    IngestFailure failure = null;
    try (FileContent content = FileContent.open(path(planned), isXml())) {
      content.oddity().ifPresent(execution.context().listener()::note);
      RecordSplitter records = splitter(content);
      send(execution, unit, records, acknowledgements);
    } catch (IOException e) {
      execution.throwFailure();
      failure = IngestFailure.of(planned.name(), reason(e));
    }
    acknowledgements.end(failure);
  }

  private static String reason(IOException e) {
    return e instanceof FileRefusedException || e instanceof MalformedContentException
        ? String.valueOf(e.getMessage())
        : "is damaged or cannot be read to its end: " + e;
  }

  private static Path path(RunUnit unit) {
    return Path.of(String.valueOf(unit.parameters().get("path")));
  }

  private boolean isCsv() {
    return stream.contentType().equals(RawStream.CSV);
  }

  private boolean isXml() {
    return stream.contentType().equals(RawStream.XML);
  }

  private RecordSplitter splitter(FileContent content) throws FileRefusedException {
    ContentKind kind = content.kind();
    boolean json = kind == ContentKind.JSON_ARRAY || kind == ContentKind.JSON_LINES;
    if (isXml()) {
      if (json) {
        throw new FileRefusedException(
            kind.description() + ", and the binding " + request.binding() + " reads XML");
      }
      return new WholeContent(content.stream(), request.maxRecordBytes());
    }
    // Some lines of the other kind do not make another file of it: Silver refuses them one by one.
    if (kind != ContentKind.TEXT_AND_JSON && json == isCsv()) {
      throw new FileRefusedException(
          kind.description()
              + ", and the binding "
              + request.binding()
              + " reads "
              + (isCsv() ? "CSV" : "JSON"));
    }
    if (isCsv()) {
      return new CsvSplitter(content.stream(), request.maxRecordBytes());
    }
    return kind == ContentKind.JSON_ARRAY
        ? new JsonArraySplitter(content.stream(), request.maxRecordBytes())
        : new LineSplitter(content.stream(), request.maxRecordBytes());
  }

  private void send(
      Execution execution, int unit, RecordSplitter records, FileAcknowledgements acknowledgements)
      throws IOException, InterruptedException {
    Batch batch = batch(execution, unit, isCsv() ? header(records) : null);
    String file = execution.journal().units().get(unit).name();
    String place = records instanceof JsonArraySplitter ? " element " : " line ";
    long through = execution.journal().through(unit);
    while (records.next()) {
      long sequence = records.sequence();
      if (sequence <= through) {
        continue;
      }
      if (execution.failed()) {
        execution.throwFailure();
      }
      if (records.oversize()) {
        String reason =
            String.format(
                "%,d bytes are more than the %,d that a record may have (max-record-bytes)",
                records.size(), request.maxRecordBytes());
        acknowledgements.skipped(sequence, IngestFailure.of(file + place + sequence, reason));
        continue;
      }
      try {
        execution.send(record(execution, batch, records), acknowledgements.expect());
        acknowledgements.handedOver(sequence, records.size());
      } catch (RecordTooLargeException e) {
        acknowledgements.refused(
            sequence, IngestFailure.of(file + place + sequence, String.valueOf(e.getMessage())));
      }
    }
  }

  private String header(RecordSplitter records) throws IOException {
    if (!records.next() || records.oversize()) {
      throw new FileRefusedException("has no header line");
    }
    String header = new String(records.payload(), StandardCharsets.UTF_8);
    Set<String> columns = new HashSet<>();
    for (String column : header.split("[,;|\t]", -1)) {
      columns.add(column.replace("\"", "").strip());
    }
    for (String column : stream.keyColumns()) {
      if (!columns.contains(column)) {
        throw new FileRefusedException(
            "has a first line that is not a header with the column "
                + column
                + ", which "
                + request.binding()
                + " needs");
      }
    }
    return header;
  }

  private static Batch batch(Execution execution, int unit, @Nullable String header)
      throws IOException {
    Batch known = execution.journal().batch(unit);
    if (known != null) {
      return known;
    }
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("file", execution.journal().units().get(unit).name());
    if (header != null) {
      attributes.put("header", header);
    }
    try {
      return execution.journal().begin(unit, execution.context().clock().instant(), attributes);
    } catch (IOException e) {
      // Our own fault, not the file's.
      execution.fail(e);
      throw e;
    }
  }

  private RawRecord record(Execution execution, Batch batch, RecordSplitter records) {
    byte[] payload = records.payload();
    return RawRecord.builder()
        .source(stream.source())
        .entity(stream.entity())
        .runId(execution.journal().runId())
        .batchId(batch.id())
        .sequence(records.sequence())
        .ingestTimeMicros(batch.ingestTimeMicros())
        .key(stream.key().extract(payload, batch.attributes()))
        .contentType(stream.contentType())
        .payload(payload)
        .attributes(batch.attributes())
        .build();
  }
}
