package ai.finks.flink.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ai.finks.flink.fault.FaultPoints;
import ai.finks.flink.silver.io.PartitionedFiles;
import ai.finks.flink.table.Carrier;
import ai.finks.flink.table.LakeTables;
import ai.finks.flink.table.MemoryTables;
import ai.finks.flink.table.RecordedOffsets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactionTest {
  private static final String ENTITY = "trades";
  private static final TableIdentifier QUARANTINE = LakeTables.quarantine(ENTITY);
  private static final TableIdentifier MARKS = LakeTables.marks(ENTITY);
  private static final int COMMITS = SideCompaction.LEAST_FILES;

  /** A compaction commits its hold, then what it made. */
  private static final int ITS_COMMIT = 2;

  private final MemoryTables lake = new MemoryTables();
  private int number;
  private int runs;

  @BeforeEach
  void createTables() {
    LakeTables.createShared(lake.catalog(), "lake");
    LakeTables.createEntity(lake.catalog(), "lake", ENTITY, List.of(), List.of("year"));
  }

  @AfterEach
  void close() {
    System.clearProperty(FaultPoints.PROPERTY);
    lake.close();
  }

  @Test
  void manySmallFilesBecomeOnePerPartitionAndRowsAndOffsetsStay() {
    for (TableIdentifier table : List.of(QUARANTINE, MARKS, LakeTables.BRONZE_FILES)) {
      fill(table, ENTITY);
    }
    fill(LakeTables.ACCOUNTING, ENTITY);
    fill(LakeTables.ACCOUNTING, "others");
    List<Record> refused = rows(QUARANTINE);
    List<Record> marks = rows(MARKS);
    List<Record> ranges = rows(LakeTables.ACCOUNTING);
    Map<?, ?> offsets = RecordedOffsets.of(load(QUARANTINE));

    assertThat(compact())
        .extracting(CompactionReport::filesBefore, CompactionReport::filesAfter)
        .as("two days of refusals, marks, the entity's ranges, the ledger")
        .containsExactly(
            tuple(2 * COMMITS, 2), tuple(COMMITS, 1), tuple(COMMITS, 1), tuple(COMMITS, 1));

    assertThat(rows(QUARANTINE)).containsExactlyInAnyOrderElementsOf(refused);
    assertThat(rows(MARKS)).containsExactlyInAnyOrderElementsOf(marks);
    assertThat(rows(LakeTables.ACCOUNTING)).containsExactlyInAnyOrderElementsOf(ranges);
    assertThat(files(LakeTables.ACCOUNTING)).as("others' stay").hasSize(1 + COMMITS);
    assertThat(RecordedOffsets.of(load(QUARANTINE))).isEqualTo(offsets);
    assertThat(load(QUARANTINE).refs()).as("no hold is left").containsOnlyKeys("main");
    assertThat(compact()).as("nothing is left to do").isEmpty();
  }

  @Test
  void appendBesideSurvivesAndKeepsItsOffsets() {
    fill(MARKS, ENTITY);
    List<Record> rows = rows(MARKS);
    beside(MARKS, () -> append(MARKS, ENTITY));

    compact();

    assertThat(rows(MARKS)).hasSize(rows.size() + 2).containsAll(rows);
    assertThat(files(MARKS)).hasSize(2);
    assertThat(RecordedOffsets.of(load(MARKS))).containsValue((long) number);
  }

  @Test
  void whatIsTakenAwayBesideDoesNotComeBack() {
    fill(MARKS, ENTITY);
    DataFile gone = files(MARKS).get(3);
    List<Record> rows = rows(MARKS);
    beside(MARKS, () -> load(MARKS).newDelete().deleteFile(gone).commit());

    assertThat(compact(2)).extracting(CompactionReport::filesBefore).containsExactly(COMMITS - 1);

    assertThat(rows(MARKS)).hasSize(rows.size() - 2);
    assertThat(rows).containsAll(rows(MARKS));
    assertThat(files(MARKS)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lostAnswerIsLookedUp(boolean saysConflict) {
    fill(MARKS, ENTITY);
    List<Record> rows = rows(MARKS);
    AtomicInteger commits = new AtomicInteger();
    lake.inject(
        MARKS,
        swap -> {
          swap.run();
          if (commits.incrementAndGet() == ITS_COMMIT) {
            throw saysConflict
                ? new CommitFailedException("says that it lost")
                : new CommitStateUnknownException(new IllegalStateException("no answer"));
          }
        });

    assertThat(compact()).hasSize(1);

    assertThat(rows(MARKS)).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(files(MARKS)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"compact.written", "compact.commit.before", "compact.commit.after"})
  void killedCompactionLeavesEveryRowWhereverItEnds(String place) {
    fill(QUARANTINE, ENTITY);
    List<Record> rows = rows(QUARANTINE);
    System.setProperty(FaultPoints.PROPERTY, place + ":fail");

    assertThatThrownBy(this::compact).hasMessageContaining(place);

    assertThat(rows(QUARANTINE)).containsExactlyInAnyOrderElementsOf(rows);
    compact();
    assertThat(rows(QUARANTINE)).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(files(QUARANTINE)).hasSize(2);
  }

  @Test
  void aFewFilesStayAsTheyAre() {
    IntStream.range(1, COMMITS).forEach(commit -> append(MARKS, ENTITY));
    long snapshot = load(MARKS).currentSnapshot().snapshotId();

    assertThat(compact()).isEmpty();

    assertThat(load(MARKS).currentSnapshot().snapshotId()).isEqualTo(snapshot);
  }

  private List<CompactionReport> compact() {
    return compact(SideCompaction.LEAST_FILES);
  }

  private List<CompactionReport> compact(int leastFiles) {
    return SideCompaction.run(lake.catalog(), ENTITY, "seal-trades-" + runs++, leastFiles);
  }

  /** Something comes in between the plan of a compaction and its commit. */
  private void beside(TableIdentifier table, Runnable change) {
    AtomicInteger commits = new AtomicInteger();
    lake.inject(
        table,
        swap -> {
          if (commits.incrementAndGet() == ITS_COMMIT) {
            change.run();
          }
          swap.run();
        });
  }

  private void fill(TableIdentifier table, String entity) {
    IntStream.range(0, COMMITS).forEach(commit -> append(table, entity));
  }

  /** A live job's commit of two rows, which lie in two days where the table has days. */
  private void append(TableIdentifier identifier, String entity) {
    Table table = load(identifier);
    AppendFiles append = table.newAppend();
    try (PartitionedFiles files = new PartitionedFiles(table, 0, 0, Long.MAX_VALUE)) {
      files.write(row(table.schema(), entity, number++));
      files.write(row(table.schema(), entity, number++));
      files.complete().forEach(append::appendFile);
    }
    append.set(Carrier.OFFSETS, "{\"t@s\":{\"0\":" + number + "}}").commit();
  }

  private static GenericRowData row(Schema schema, String entity, int number) {
    List<NestedField> columns = schema.columns();
    GenericRowData row = new GenericRowData(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      row.setField(i, value(columns.get(i), entity, number));
    }
    return row;
  }

  private static @Nullable Object value(NestedField column, String entity, int number) {
    switch (column.name()) {
      case "entity":
        return StringData.fromString(entity);
      case "year":
        return StringData.fromString("2025");
      case "month":
        return StringData.fromString("01");
      case "day":
        return StringData.fromString(String.format(Locale.ROOT, "%02d", 1 + number % 2));
      default:
        return column.isOptional() && number % 3 == 0 ? null : value(column.type(), number);
    }
  }

  private static Object value(Type type, int number) {
    switch (type.typeId()) {
      case STRING:
        return StringData.fromString("text " + number);
      case LONG:
        return (long) number;
      case INTEGER:
        return number;
      case TIMESTAMP:
        return TimestampData.fromEpochMillis(1_700_000_000_000L + number, 7_000);
      case BINARY:
        return ByteBuffer.allocate(16).putInt(number).array();
      case MAP:
        return new GenericMapData(
            Map.of(StringData.fromString("key"), StringData.fromString("value " + number)));
      case LIST:
        return new GenericArrayData(
            new Object[] {value(((Types.ListType) type).elementType(), number)});
      case STRUCT:
        return row(new Schema(((Types.StructType) type).fields()), "", number);
      default:
        throw new IllegalArgumentException("No value of " + type);
    }
  }

  private Table load(TableIdentifier table) {
    return lake.catalog().load(table);
  }

  private List<DataFile> files(TableIdentifier table) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = load(table).newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file().copy()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private List<Record> rows(TableIdentifier table) {
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(load(table)).build()) {
      records.forEach(record -> rows.add(record.copy()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
