package ai.finks.flink.seal;

import ai.finks.flink.table.TablePeriod;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/** What a seal made of a period, or would make of it, or why it did not. */
public final class PeriodReport {
  private final TablePeriod period;
  private final List<DataFile> before;
  private final @Nullable SealedFiles after;
  private final Map<String, Long> failures;

  private PeriodReport(
      TablePeriod period,
      List<DataFile> before,
      @Nullable SealedFiles after,
      Map<String, Long> failures) {
    this.period = period;
    this.before = before;
    this.after = after;
    this.failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }

  static PeriodReport planned(TablePeriod period, List<DataFile> before) {
    return new PeriodReport(period, before, null, Map.of());
  }

  static PeriodReport held(TablePeriod period, List<DataFile> before, Map<String, Long> failures) {
    return new PeriodReport(period, before, null, failures);
  }

  static PeriodReport sealed(TablePeriod period, List<DataFile> before, SealedFiles after) {
    return new PeriodReport(period, before, after, Map.of());
  }

  public TablePeriod period() {
    return period;
  }

  public int filesBefore() {
    return before.size();
  }

  public long bytesBefore() {
    return before.stream().mapToLong(DataFile::fileSizeInBytes).sum();
  }

  public long rows() {
    return before.stream().mapToLong(DataFile::recordCount).sum();
  }

  /** Whether it is sealed now; not after a plan, and not if rows failed checks. */
  public boolean isSealed() {
    return after != null;
  }

  /** Zero unless it is sealed now; so are the other figures of afterwards. */
  public int filesAfter() {
    return after == null ? 0 : after.files().size();
  }

  public long bytesAfter() {
    return after == null ? 0 : after.bytes();
  }

  /** Rows of which a newer version lies in the period. */
  public long superseded() {
    return after == null ? 0 : after.superseded();
  }

  /** How many rows do not fulfil which check of the contract: then the period stays as it is. */
  public Map<String, Long> failures() {
    return failures;
  }

  List<DataFile> before() {
    return before;
  }

  List<DataFile> after() {
    return after == null ? List.of() : after.files();
  }
}
