package ai.finks.adapters.fmp;

import ai.finks.adapters.Execution;
import ai.finks.adapters.RawStream;
import ai.finks.adapters.core.IngestFailure;
import ai.finks.adapters.core.JsonArraySplitter;
import ai.finks.adapters.journal.Batch;
import ai.finks.adapters.secret.Secret;
import ai.finks.client.RecordTooLargeException;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends a response that lies on disk, element by element. Thread-safe. */
final class UnitSender {
  private final Execution execution;
  private final RawStream stream;
  private final Secret apiKey;
  private final int maxElementBytes;

  UnitSender(Execution execution, RawStream stream, FmpConfig config) {
    this.execution = execution;
    this.stream = stream;
    this.apiKey = config.apiKey();
    this.maxElementBytes = config.maxElementBytes();
  }

  /** Hands all elements over; the unit is done when the stream has acknowledged them. */
  void send(int unit, Batch batch, Path file) throws IOException, InterruptedException {
    String name = execution.journal().units().get(unit).name();
    UnitAcknowledgements acknowledgements = new UnitAcknowledgements(execution, unit, file);
    List<IngestFailure> failed = new ArrayList<>();
    long records = 0;
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      JsonArraySplitter elements = new JsonArraySplitter(in, maxElementBytes);
      while (elements.next()) {
        execution.throwFailure();
        String problem = problem(elements);
        if (problem == null) {
          problem = send(batch, elements, acknowledgements);
        }
        if (problem == null) {
          records++;
          bytes += elements.size();
        } else {
          failed.add(new IngestFailure(name + " element " + elements.sequence(), problem, 200));
        }
      }
    }
    acknowledgements.handedOver(records, bytes, failed);
  }

  private @Nullable String problem(JsonArraySplitter elements) {
    if (elements.oversize()) {
      return String.format(
          "%,d bytes are more than the %,d that one element may have (max-element-bytes)",
          elements.size(), maxElementBytes);
    }
    return null;
  }

  private @Nullable String send(
      Batch batch, JsonArraySplitter elements, UnitAcknowledgements acknowledgements) {
    byte[] payload = elements.payload();
    if (apiKey.isIn(payload)) {
      return "it holds the API key, which no stream may hold";
    }
    RawRecord record =
        RawRecord.builder()
            .source(stream.source())
            .entity(stream.entity())
            .runId(execution.journal().runId())
            .batchId(batch.id())
            .sequence(elements.sequence())
            .ingestTimeMicros(batch.ingestTimeMicros())
            .key(stream.key().extract(payload, batch.attributes()))
            .contentType(stream.contentType())
            .payload(payload)
            .attributes(batch.attributes())
            .build();
    acknowledgements.expect();
    try {
      execution.send(record, acknowledgements);
      return null;
    } catch (RecordTooLargeException e) {
      acknowledgements.forget();
      return String.valueOf(e.getMessage());
    }
  }
}
