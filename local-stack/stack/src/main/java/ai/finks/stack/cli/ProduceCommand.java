package ai.finks.stack.cli;

import ai.finks.adapters.RawStream;
import ai.finks.adapters.core.LineSplitter;
import ai.finks.adapters.files.FilesRequest;
import ai.finks.adapters.journal.RunId;
import ai.finks.client.RawProducer;
import ai.finks.client.RawSinkException;
import ai.finks.client.RecordTooLargeException;
import ai.finks.schemas.Topics;
import ai.finks.schemas.lineage.RunFacts;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.StackRecord;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Pushes records, one per line, as a producer would. */
@Command(
    name = "produce",
    description = "Push records, one per line, from a file or standard input.",
    footer = {
      "",
      "For CSV the first line is the header. Files are better brought by ingest files."
    })
final class ProduceCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "SOURCE.ENTITY", description = "The binding to send by.")
  private String binding = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "A file, or - for standard input (default: -).")
  private String file = "-";

  @Override
  public Integer call() throws IOException {
    FinksHome home = common.home();
    RawStream stream = Bindings.stream(home, binding);
    StackRecord stack = RunningStack.of(home);
    String runId = RunId.create("produce", Instant.now(), ThreadLocalRandom.current().nextInt());
    common.warn("run " + runId + " starts: " + binding + " from " + file);
    List<String> failed = new ArrayList<>();
    RunFacts run =
        RunFacts.of(runId, "produce", binding, Instant.now())
            .asking(
                Map.of("from", file),
                List.of(),
                List.of(Topics.raw(stream.source(), stream.entity())));
    long sent;
    try (InputStream input = open();
        RunTelling telling = RunTelling.on(home, common::warn);
        InterruptAtExit ignored = InterruptAtExit.of(Thread.currentThread())) {
      Sending sending = new Sending(input, stream, runId, failed);
      sent =
          telling.of(
              run,
              () -> send(home, stack, sending, telling),
              records -> Map.of("records", records, "failed", (long) failed.size()));
    }
    return print(runId, sent, failed);
  }

  /** What is sent, as which run, and what could not be. */
  private record Sending(InputStream input, RawStream stream, String runId, List<String> failed) {}

  private static long send(FinksHome home, StackRecord stack, Sending sending, RunTelling telling) {
    RawProducer producer = RawProducer.open(Ingestion.producerConfig(stack));
    Thread thread = Thread.currentThread();
    StackWatch watch =
        StackWatch.over(
            stack,
            () -> {
              producer.abandon("the stack on " + home + " is gone");
              thread.interrupt();
            });
    try (producer) {
      long sent =
          send(sending.input(), producer, sending.stream(), sending.runId(), sending.failed());
      producer.flush();
      return sent;
    } catch (RawSinkException | IOException e) {
      watch.close();
      if (watch.gone()) {
        telling.giveUp();
        throw gone(home, e);
      }
      // Whoever is told of it is reached by a thread that is not interrupted.
      Thread.interrupted();
      throw CommandFailure.platform("" + e.getMessage(), e);
    } finally {
      watch.close();
    }
  }

  private static CommandFailure gone(FinksHome home, Exception why) {
    return CommandFailure.platform(
        "The stack on "
            + home
            + " is gone, and with it the answer how much was kept."
            + "\nOnce it is up again (./finks up"
            + RunningStack.homeOption(home)
            + "), send everything again: what it has counts as duplicates",
        why);
  }

  private InputStream open() throws IOException {
    if (file.equals("-")) {
      // A channel's read ends when its thread is interrupted; that of System.in waits for a line.
      return Channels.newInputStream(new FileInputStream(FileDescriptor.in).getChannel());
    }
    Path path = Path.of(file);
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw CommandFailure.usage(file + " is not a file that can be read");
    }
    return new BufferedInputStream(Files.newInputStream(path));
  }

  private static long send(
      InputStream input, RawProducer producer, RawStream stream, String runId, List<String> failed)
      throws IOException {
    LineSplitter lines = new LineSplitter(input, FilesRequest.DEFAULT_MAX_RECORD_BYTES);
    Map<String, String> attributes = Map.of();
    if (stream.contentType().equals(RawStream.CSV)) {
      if (!lines.next() || lines.oversize()) {
        throw CommandFailure.data("The input has no header line");
      }
      attributes = Map.of("header", new String(lines.payload(), StandardCharsets.UTF_8));
    }
    long sent = 0;
    while (lines.next()) {
      if (lines.oversize()) {
        failed.add("line " + lines.sequence() + ": " + lines.size() + " bytes are too many");
        continue;
      }
      try {
        producer.send(record(stream, runId, lines, attributes), exception -> {});
        sent++;
      } catch (RecordTooLargeException e) {
        failed.add("line " + lines.sequence() + ": " + e.getMessage());
      }
    }
    return sent;
  }

  private static RawRecord record(
      RawStream stream, String runId, LineSplitter lines, Map<String, String> attributes) {
    byte[] payload = lines.payload();
    return RawRecord.builder()
        .source(stream.source())
        .entity(stream.entity())
        .runId(runId)
        .batchId(runId)
        .sequence(lines.sequence())
        .ingestTimeMicros(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
        .key(stream.key().extract(payload, attributes))
        .contentType(stream.contentType())
        .payload(payload)
        .attributes(attributes)
        .build();
  }

  private int print(String runId, long sent, List<String> failed) {
    if (common.json()) {
      ObjectNode document = CommonOptions.JSON.createObjectNode();
      document.put("run_id", runId).put("sent", sent);
      ArrayNode array = document.putArray("failed");
      failed.forEach(array::add);
      common.print(document);
    } else {
      common.print(String.format("run %s sent %,d records", runId, sent));
    }
    failed.forEach(line -> common.warn("failed: " + line));
    return (failed.isEmpty() ? ExitCode.DONE : ExitCode.DATA).code();
  }
}
