package ai.finks.flink.silver.io;

import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.TestCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** A Silver table by day in a catalog of its own, and rows for it. */
final class SilverTable implements AutoCloseable {
  private static final String ENTITY = "quotes";
  private static final StringData TEXT = StringData.fromString("some text of a lineage column");

  private final LakeCatalog catalog;

  SilverTable(Path home) {
    catalog = TestCatalog.create(home);
    LakeTables.createShared(catalog, home.resolve("lake").toString());
    LakeTables.createEntity(
        catalog,
        home.resolve("lake").toString(),
        ENTITY,
        List.of(
            NestedField.required(1, "symbol", Types.StringType.get()),
            NestedField.required(2, "price", Types.DecimalType.of(18, 6))),
        List.of("year", "month", "day"));
  }

  Table load() {
    return catalog.load(LakeTables.silver(ENTITY));
  }

  static GenericRowData row(LocalDate day, LocalDate ingested, long number) {
    return GenericRowData.of(
        StringData.fromString("SYM" + number % 800),
        org.apache.flink.table.data.DecimalData.fromUnscaledLong(number * 7919 % 1_000_003, 18, 6),
        TEXT,
        TEXT,
        TEXT,
        number,
        TimestampData.fromEpochMillis(ingested.toEpochDay() * 86_400_000L),
        number,
        TEXT,
        TEXT,
        0,
        number,
        0,
        ByteBuffer.allocate(16).putLong(number * 0x9E3779B97F4A7C15L).putLong(~number).array(),
        null,
        level("%04d", day.getYear()),
        level("%02d", day.getMonthValue()),
        level("%02d", day.getDayOfMonth()),
        null);
  }

  private static StringData level(String format, int number) {
    return StringData.fromString(String.format(Locale.ROOT, format, number));
  }

  @Override
  public void close() throws IOException {
    catalog.close();
  }
}
