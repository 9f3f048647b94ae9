package ai.finks.flink.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long refused records are kept: whole days of ingest time are removed once all of their
 * records were both ingested and refused longer ago than that. What came in late, or was read again
 * from Bronze, is therefore kept from the day on which it was refused.
 *
 * <p>The files themselves go when the snapshots that know them expire.
 */
public final class QuarantineRetention {
  /** Days unless the table says otherwise: more than a year, so that a yearly audit sees all. */
  public static final int DEFAULT_DAYS = 400;

  private static final Logger LOG = LoggerFactory.getLogger(QuarantineRetention.class);
  private static final String PROPERTY = "finks.retention-days";
  private static final String REFUSED_AT = "quarantined_at";
  private static final long DAY_MICROS = 86_400_000_000L;

  private final int days;

  public QuarantineRetention(int days) {
    if (days < 1) {
      throw new IllegalArgumentException("Retention must be 1 day or more, was " + days);
    }
    this.days = days;
  }

  /** What was removed: partition days and their records. */
  public static final class Removal {
    private final int days;
    private final long records;

    private Removal(int days, long records) {
      this.days = days;
      this.records = records;
    }

    public int days() {
      return days;
    }

    public long records() {
      return records;
    }
  }

  /** The days that a quarantine table keeps its records for. */
  public static int days(Table quarantine) {
    return Integer.parseInt(
        quarantine.properties().getOrDefault(PROPERTY, Integer.toString(DEFAULT_DAYS)));
  }

  /** Makes a quarantine table keep its records for that long from now on. */
  public static void set(Table quarantine, int days) {
    quarantine.updateProperties().set(PROPERTY, Integer.toString(days)).commit();
  }

  /** What {@link #apply} would remove. */
  public Removal preview(Table quarantine, Instant now) {
    return removal(expired(quarantine, now));
  }

  /** Removes what is older, in one commit; without anything older there is none. */
  public Removal apply(Table quarantine, Instant now) {
    quarantine.refresh();
    List<DataFile> expired = expired(quarantine, now);
    if (!expired.isEmpty()) {
      DeleteFiles delete = quarantine.newDelete();
      expired.forEach(delete::deleteFile);
      delete.commit();
    }
    return removal(expired);
  }

  private static Removal removal(List<DataFile> files) {
    Map<LocalDate, Long> records = new TreeMap<>();
    files.forEach(file -> records.merge(day(file.partition()), file.recordCount(), Long::sum));
    return new Removal(records.size(), records.values().stream().mapToLong(Long::longValue).sum());
  }

  private List<DataFile> expired(Table quarantine, Instant now) {
    LocalDate firstKept = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(days);
    int refusedAt = quarantine.schema().findField(REFUSED_AT).fieldId();
    List<DataFile> expired = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        quarantine.newScan().includeColumnStats(List.of(REFUSED_AT)).planFiles()) {
      for (FileScanTask task : tasks) {
        LocalDate refused = lastDay(task.file(), refusedAt);
        if (refused != null
            && refused.isBefore(firstKept)
            && day(task.file().partition()).isBefore(firstKept)) {
          expired.add(task.file().copyWithoutStats());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return expired;
  }

  private static LocalDate day(StructLike partition) {
    return LocalDate.of(number(partition, 0), number(partition, 1), number(partition, 2));
  }

  private static int number(StructLike partition, int level) {
    return Integer.parseInt(partition.get(level, String.class));
  }

  /** The day on which the last record of a file was refused; null when the file does not say. */
  private static @Nullable LocalDate lastDay(DataFile file, int refusedAt) {
    Map<Integer, ByteBuffer> bounds = file.upperBounds();
    ByteBuffer bound = bounds == null ? null : bounds.get(refusedAt);
    if (bound == null) {
      return null;
    }
    Long micros = Conversions.fromByteBuffer(Types.TimestampType.withZone(), bound);
    return LocalDate.ofEpochDay(Math.floorDiv(micros, DAY_MICROS));
  }

  /** Applies a table's retention once a day while a job commits to it. */
  public static final class Daily {
    private @Nullable LocalDate appliedOn;

    /** To be called after each commit; a failure is logged and tried again the next day. */
    public void committed(Table quarantine, long nowMillis) {
      Instant now = Instant.ofEpochMilli(nowMillis);
      LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
      if (today.equals(appliedOn)) {
        return;
      }
      appliedOn = today;
      try {
        Removal removal = new QuarantineRetention(days(quarantine)).apply(quarantine, now);
        if (removal.records() > 0) {
          LOG.info(
              "table={} removed_days={} removed_records={}",
              quarantine.name(),
              removal.days(),
              removal.records());
        }
      } catch (RuntimeException e) {
        // Housekeeping after a commit that stands: no failure of it may end the job.
        LOG.warn("Old records of {} were not removed", quarantine.name(), e);
      }
    }
  }
}
