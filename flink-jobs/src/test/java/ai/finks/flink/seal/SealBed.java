package ai.finks.flink.seal;

import ai.finks.flink.silver.io.PartitionedFiles;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.MemoryTables;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** A Silver table of trades by month in memory, to be filled as a live job would, and sealed. */
final class SealBed implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-15T00:00:00Z");

  private final MemoryTables lake = new MemoryTables();
  private final Contract contract;
  private final Path scratch;
  private long offset;
  private int seals;

  /**
   * @param keyHoldsPeriod whether the event time is part of the key
   */
  SealBed(boolean keyHoldsPeriod, Path scratch) {
    this.scratch = scratch;
    this.contract = contract(keyHoldsPeriod);
    LakeTables.createMissing(lake.catalog(), "lake", List.of(contract));
  }

  private static Contract contract(boolean keyHoldsPeriod) {
    return Contract.parse("trades.avsc", contractText(keyHoldsPeriod));
  }

  static String contractText(boolean keyHoldsPeriod) {
    return "{\"type\":\"record\",\"name\":\"Trade\",\"doc\":\"A test's.\",\"finks\":{"
        + "\"entity\":\"trades\",\"version\":1,\"key\":[\"id\""
        + (keyHoldsPeriod ? ",\"at\"" : "")
        + "],\"event-time\":\"at\",\"zone\":\"UTC\",\"period\":\"month\","
        + "\"dedupe-window\":\"all\",\"drift\":\"evolve\",\"checks\":["
        + "{\"name\":\"positive\",\"check\":\"amount > 0\",\"severity\":\"refuse\"}]},"
        + "\"fields\":["
        + field(1, "id", "\"string\"")
        + ","
        + field(2, "at", "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}")
        + ","
        + field(
            3,
            "amount",
            "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":18,\"scale\":2}")
        + "]}";
  }

  private static String field(int id, String name, String type) {
    return String.format(
        "{\"name\":\"%s\",\"finks.id\":%d,\"doc\":\"Of a test.\",\"type\":%s}", name, id, type);
  }

  MemoryTables lake() {
    return lake;
  }

  Contract contract() {
    return contract;
  }

  Table load() {
    return lake.catalog().load(LakeTables.silver("trades"));
  }

  SealOptions options() {
    return SealOptions.of(scratch).withThreads(1);
  }

  Seal seal() {
    return seal(options());
  }

  Seal seal(SealOptions options) {
    return new Seal(load(), contract, options, "seal-trades-" + seals++);
  }

  List<PeriodReport> sealAll() {
    return seal().run(NOW, null, done -> {});
  }

  SealedPeriods periods() {
    return SealedPeriods.of(load());
  }

  /** A version of a trade in a month of 2025, with the next coordinate. */
  Trade trade(String source, String id, int month, long version, long cents) {
    return new Trade(key(source, id, month), source, id, month, version, cents, offset++);
  }

  /** What versions are versions of. */
  private String key(String source, String id, int month) {
    return source + "/" + id + (contract.key().size() > 1 ? "/" + month : "");
  }

  /** What a live commit does: files of rows as they come. */
  List<DataFile> append(List<Trade> trades) {
    Table table = load();
    List<DataFile> files = write(table, trades);
    AppendFiles append = table.newAppend();
    files.forEach(append::appendFile);
    append.commit();
    return files;
  }

  static List<DataFile> write(Table table, List<Trade> trades) {
    try (PartitionedFiles files = new PartitionedFiles(table, 0, 0, Long.MAX_VALUE)) {
      trades.forEach(trade -> files.write(row(trade)));
      return files.complete();
    }
  }

  static TablePeriod period(int month) {
    return TablePeriod.parse(String.format(Locale.ROOT, "2025-%02d", month));
  }

  static RowData row(Trade trade) {
    return GenericRowData.of(
        StringData.fromString(trade.id()),
        TimestampData.fromInstant(trade.at()),
        DecimalData.fromUnscaledLong(trade.cents(), 18, 2),
        StringData.fromString(trade.source()),
        StringData.fromString("run"),
        StringData.fromString("batch"),
        trade.offset(),
        TimestampData.fromEpochMillis(trade.version()),
        trade.version(),
        StringData.fromString("stream"),
        StringData.fromString("desk.trades.raw.v1"),
        0,
        trade.offset(),
        0,
        ByteBuffer.allocate(16).putLong(trade.cents()).putLong(trade.offset()).array(),
        null,
        StringData.fromString("2025"),
        StringData.fromString(String.format(Locale.ROOT, "%02d", trade.month())),
        null);
  }

  /** All rows of a table's current snapshot. */
  List<Stored> rows() {
    Table table = load();
    List<Stored> rows = new ArrayList<>();
    if (table.currentSnapshot() == null) {
      return rows;
    }
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(record -> rows.add(stored(record)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private Stored stored(Record record) {
    String source = (String) record.getField("_source");
    String id = (String) record.getField("id");
    int month = ((OffsetDateTime) record.getField("at")).getMonthValue();
    return new Stored(
        new Trade(
            key(source, id, month),
            source,
            id,
            month,
            (Long) record.getField("_version"),
            ((BigDecimal) record.getField("amount")).unscaledValue().longValueExact(),
            (Long) record.getField("_offset")),
        (Boolean) record.getField("_superseded"));
  }

  @Override
  public void close() {
    lake.close();
  }

  /** A version. */
  record Trade(
      String key, String source, String id, int month, long version, long cents, long offset) {
    Instant at() {
      return OffsetDateTime.of(2025, month, 4, 21, 0, 1, 0, ZoneOffset.UTC).toInstant();
    }
  }

  /** A version as a table has it. */
  record Stored(Trade trade, Boolean superseded) {}
}
