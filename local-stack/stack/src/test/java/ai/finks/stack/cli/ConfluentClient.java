package ai.finks.stack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.stack.Checkout;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Confluent's Python client, which knows nothing of Finks, beside a running stack. */
final class ConfluentClient {
  /** The run of all that it sends. */
  static final String RUN = "theirs";

  private static final long INGEST_TIME_MICROS = 1_767_618_000_000_000L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PYTHON = Checkout.root().resolve(".finks/test-venv/bin/python");

  private final TestStack stack;

  private ConfluentClient(TestStack stack) {
    this.stack = stack;
  }

  /** Skips the test where the client was never installed. */
  static ConfluentClient beside(TestStack stack) {
    assumeTrue(
        Files.isExecutable(PYTHON),
        "SKIPPED: no Confluent client, " + PYTHON + " is missing; ./finks test installs it");
    return new ConfluentClient(stack);
  }

  /** Writes FMP's bars as raw records with Confluent's Avro serializer. */
  void send(String topic, String... payloads) throws Exception {
    StringBuilder records = new StringBuilder();
    for (int sequence = 0; sequence < payloads.length; sequence++) {
      ObjectNode record = JSON.createObjectNode();
      record.put("source", "fmp").put("entity", "bars").put("run_id", RUN).put("batch_id", RUN);
      record.put("sequence", sequence).put("ingest_time", INGEST_TIME_MICROS).put("key", "THEIRS");
      record.put("content_type", "application/json").put("payload", payloads[sequence]);
      record.putNull("correlation_id").putObject("attributes");
      records.append(record).append('\n');
    }
    run("send", topic, records.toString(), "schemas/avro/raw_record.avsc");
  }

  /** Every record of a topic, as Confluent's Avro deserializer reads it. */
  List<JsonNode> read(String topic) throws Exception {
    List<JsonNode> records = new ArrayList<>();
    for (String line : (Iterable<String>) run("read", topic, "").lines()::iterator) {
      records.add(JSON.readTree(line));
    }
    return records;
  }

  private String run(String action, String topic, String input, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(PYTHON.toString());
    command.add("local-stack/stack/src/test/python/confluent_client.py");
    command.add(action);
    command.addAll(List.of(stack.url("kafka"), stack.url("registry"), topic));
    command.addAll(List.of(more));
    Path output = Files.createTempFile("confluent-client", ".out");
    Path errors = Files.createTempFile("confluent-client", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Checkout.root().toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(Files.readString(errors), e);
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }
}
