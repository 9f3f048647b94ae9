package ai.finks.flink.table;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.jspecify.annotations.Nullable;

/**
 * A partition of a table: a year, a month or a day of event time, in words {@code 2026}, {@code
 * 2026-01}, {@code 2026-01-05}. Ordered by time.
 */
public final class TablePeriod implements Comparable<TablePeriod> {
  private static final String SEPARATOR = "-";

  private final List<String> levels;

  private TablePeriod(List<String> levels) {
    this.levels = levels;
  }

  /** The period of a file of a table that is partitioned by text levels. */
  public static TablePeriod of(StructLike partition) {
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < partition.size(); i++) {
      levels.add(String.valueOf(partition.get(i, Object.class)));
    }
    return new TablePeriod(List.copyOf(levels));
  }

  /**
   * Reads {@code 2026}, {@code 2026-01} or {@code 2026-01-05}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static TablePeriod parse(String text) {
    if (!text.matches("\\d{4}(-\\d{2}){0,2}")) {
      throw new IllegalArgumentException(
          "A period is written 2026, 2026-01 or 2026-01-05, was '" + text + "'");
    }
    TablePeriod period = new TablePeriod(List.of(text.split(SEPARATOR)));
    if (period.firstDay() == null) {
      throw new IllegalArgumentException("There is no period '" + text + "'");
    }
    return period;
  }

  /** The texts of its levels: year, then month and day if the table has them. */
  public List<String> levels() {
    return levels;
  }

  /** As the partition of a file. */
  public PartitionData partition(PartitionSpec spec) {
    if (spec.fields().size() != levels.size()) {
      throw new IllegalArgumentException("Not a period of a table with " + spec + ": " + this);
    }
    PartitionData partition = new PartitionData(spec.partitionType());
    for (int i = 0; i < levels.size(); i++) {
      partition.set(i, levels.get(i));
    }
    return partition;
  }

  /** Whether it has ended in a zone; false for a partition that is no time. */
  public boolean isOver(ZoneId zone, Instant now) {
    LocalDate first = firstDay();
    if (first == null) {
      return false;
    }
    LocalDate next =
        levels.size() == 1
            ? first.plusYears(1)
            : levels.size() == 2 ? first.plusMonths(1) : first.plusDays(1);
    return !next.atStartOfDay(zone).toInstant().isAfter(now);
  }

  private @Nullable LocalDate firstDay() {
    try {
      return LocalDate.of(
          Integer.parseInt(levels.get(0)),
          levels.size() > 1 ? Integer.parseInt(levels.get(1)) : 1,
          levels.size() > 2 ? Integer.parseInt(levels.get(2)) : 1);
    } catch (DateTimeException | NumberFormatException notATime) {
      return null;
    }
  }

  @Override
  public int compareTo(TablePeriod other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TablePeriod && levels.equals(((TablePeriod) other).levels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(levels.toArray());
  }

  @Override
  public String toString() {
    return String.join(SEPARATOR, levels);
  }
}
