package ai.finks.stack.cli;

import ai.finks.client.RawProducer;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A source that nobody knew before: contract, binding, fixture, and records that keep coming. */
final class TradesSource {
  private static final String CONTRACT =
      """
      {
        "type": "record", "name": "Trade", "namespace": "ai.finks.silver", "doc": "A trade.",
        "finks": {
          "entity": "trades", "version": 1, "key": ["id"], "event-time": "at", "zone": "UTC",
          "period": "day", "dedupe-window": "all", "drift": "evolve",
          "checks": [{"name": "price-positive", "check": "price > 0"}]
        },
        "fields": [
          {"name": "id", "finks.id": 1, "type": "string", "doc": "Id."},
          {"name": "at", "finks.id": 2, "doc": "When.",
            "type": {"type": "long", "logicalType": "timestamp-micros"}},
          {"name": "price", "finks.id": 3, "doc": "Price.",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}},
          {"name": "size", "finks.id": 4, "doc": "Size.", "type": ["null", "int"], "default": null}
        ]
      }
      """;
  private static final String BINDING =
      """
      source: desk
      entity: trades
      format: json
      raw-key: /id
      fields:
        id: {pointer: /id}
        at: {pointer: /at}
        price: {pointer: /price}
        size: {pointer: /size}
      """;

  private final Path schemas;

  /** Copies the shipped contracts, to add to. */
  TradesSource(Path shipped, Path schemas) throws IOException {
    this.schemas = schemas;
    try (Stream<Path> files = Files.walk(shipped)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = shipped.relativize(file).toString();
        if (name.startsWith("avro") || name.startsWith("sources") || name.startsWith("fixtures")) {
          Path copy = schemas.resolve(name);
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }

  Path contractFile() {
    return schemas.resolve("avro/trades.avsc");
  }

  void write() throws IOException {
    Files.writeString(contractFile(), CONTRACT);
    Files.writeString(schemas.resolve("sources/desk.trades.yaml"), BINDING);
    Path fixtures = Files.createDirectories(schemas.resolve("fixtures/desk.trades"));
    Files.writeString(fixtures.resolve("trades.ndjson"), json(7, "") + "\n");
    Files.writeString(
        fixtures.resolve("trades.expected.ndjson"),
        "{\"period\":\"2026-01-05\",\"row\":{\"id\":\"t-7\",\"at\":\"2026-01-05T10:00:00Z\","
            + "\"price\":\"107.50\",\"size\":\"7\"}}\n");
  }

  /** A new optional field, a wider decimal, a wider integer and another name, all at once. */
  void evolve() throws IOException {
    Files.writeString(
        contractFile(),
        CONTRACT
            .replace("\"version\": 1", "\"version\": 2")
            .replace("\"precision\": 8", "\"precision\": 20")
            .replace("\"type\": [\"null\", \"int\"]", "\"type\": [\"null\", \"long\"]")
            .replace("\"name\": \"size\"", "\"name\": \"quantity\", \"aliases\": [\"size\"]")
            .replace(
                "{\"name\": \"at\"",
                "{\"name\": \"venue\", \"finks.id\": 5, \"doc\": \"Where.\", \"default\": null,"
                    + " \"type\": [\"null\", \"string\"]},\n    {\"name\": \"at\""));
    Files.writeString(
        schemas.resolve("sources/desk.trades.yaml"),
        BINDING.replace("  size:", "  quantity:") + "  venue: {pointer: /venue}\n");
    Path expected = schemas.resolve("fixtures/desk.trades/trades.expected.ndjson");
    Files.writeString(expected, Files.readString(expected).replace("size", "quantity"));
  }

  /** A further optional field, and no more silence about fields that nobody knows. */
  void freeze() throws IOException {
    replaceInContract("\"version\": 2", "\"version\": 3");
    replaceInContract("\"drift\": \"evolve\"", "\"drift\": \"freeze\"");
    replaceInContract(
        "{\"name\": \"at\"",
        "{\"name\": \"book\", \"finks.id\": 6, \"doc\": \"Whose.\", \"default\": null,"
            + " \"type\": [\"null\", \"string\"]},\n    {\"name\": \"at\"");
    Path binding = schemas.resolve("sources/desk.trades.yaml");
    Files.writeString(binding, Files.readString(binding) + "  book: {pointer: /book}\n");
  }

  void replaceInContract(String from, String to) throws IOException {
    Files.writeString(contractFile(), Files.readString(contractFile()).replace(from, to));
  }

  void removeBinding() throws IOException {
    Files.delete(schemas.resolve("sources/desk.trades.yaml"));
    Path fixtures = schemas.resolve("fixtures/desk.trades");
    Files.delete(fixtures.resolve("trades.ndjson"));
    Files.delete(fixtures.resolve("trades.expected.ndjson"));
    Files.delete(fixtures);
  }

  static String json(long number, String more) {
    return "{\"id\":\"t-"
        + number
        + "\",\"at\":\"2026-01-05T10:00:00Z\",\"price\":"
        + (100 + number % 100)
        + ".5,\"size\":"
        + number
        + more
        + "}";
  }

  /** Sends until it is told to stop; about a thousand records a second. */
  static final class Sender implements AutoCloseable {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final RawProducer producer;
    private final CompletableFuture<Long> sent;

    Sender(FinksHome home) {
      this.producer = RawProducer.open(Ingestion.producerConfig(RunningStack.of(home)));
      this.sent = CompletableFuture.supplyAsync(this::send);
    }

    private long send() {
      long number = 0;
      while (!stop.get()) {
        send(producer, number, json(number, ""));
        number++;
        LockSupport.parkNanos(1_000_000);
      }
      return number;
    }

    static void send(RawProducer producer, long number, String payload) {
      producer.send(
          RawRecord.builder()
              .source("desk")
              .entity("trades")
              .runId("desk-1")
              .batchId("desk-1")
              .sequence(number)
              .ingestTimeMicros(1_767_607_200_000_000L + number)
              .key("t-" + number)
              .contentType("application/json")
              .payload(payload.getBytes(StandardCharsets.UTF_8))
              .build(),
          failure -> {});
    }

    /** Stops sending and says how many were sent. */
    long stop() {
      stop.set(true);
      long count = sent.join();
      producer.flush();
      return count;
    }

    @Override
    public void close() {
      stop.set(true);
      sent.join();
      producer.close();
    }
  }
}
