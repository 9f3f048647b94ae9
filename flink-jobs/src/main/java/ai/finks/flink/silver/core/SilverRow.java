package ai.finks.flink.silver.core;

import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.value.Utf8Text;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row for a Silver table: the columns of {@link SilverPlan#columns()}, and what deduplication
 * and partitioning need of it. Values are read without boxing.
 *
 * <p>Rows are reused: the one in {@link Refined} is overwritten by the next record.
 */
public final class SilverRow {

  private final boolean[] nulls;
  private final long[] numbers;
  private final @Nullable Utf8Text[] texts;
  private final @Nullable BigDecimal[] wides;

  private String source = "";
  private String runId = "";
  private String batchId = "";
  private long sequence;
  private long ingestTimeMicros;
  private long version;
  private long keyHi;
  private long keyLo;
  private long hashHi;
  private long hashLo;
  private String year = "";
  private String month = "";
  private String day = "";
  private @Nullable String warnings;
  private int element;

  SilverRow(List<Column> columns) {
    this.nulls = new boolean[columns.size()];
    this.numbers = new long[columns.size()];
    this.texts = new Utf8Text[columns.size()];
    this.wides = new BigDecimal[columns.size()];
    clear();
  }

  void clear() {
    Arrays.fill(nulls, true);
    warnings = null;
    element = 0;
  }

  /**
   * What stays over a batch is not stored again: a stored reference costs the collector's barrier.
   */
  @SuppressWarnings("ReferenceEquality")
  void setOrigin(RawRecord record) {
    if (batchId != record.batchId() || runId != record.runId() || source != record.source()) {
      source = record.source();
      runId = record.runId();
      batchId = record.batchId();
    }
    sequence = record.sequence();
    ingestTimeMicros = record.ingestTimeMicros();
  }

  /** The position in the array that the record was exploded from; 0 when it was not. */
  public int element() {
    return element;
  }

  void setElement(int position) {
    element = position;
  }

  public boolean isNull(int column) {
    return nulls[column];
  }

  /**
   * A column that is neither a string nor a decimal of more than 18 digits: integers as they are,
   * booleans as 0 and 1, dates as days and timestamps as microseconds since 1970, decimals
   * unscaled.
   */
  public long number(int column) {
    return numbers[column];
  }

  /** A string column; null when {@link #isNull}. */
  public @Nullable String text(int column) {
    Utf8Text text = utf8(column);
    return text == null ? null : text.toString();
  }

  /** A string column with its bytes; null when {@link #isNull}. */
  public @Nullable Utf8Text utf8(int column) {
    return nulls[column] ? null : texts[column];
  }

  /** A decimal column of more than 18 digits; null when {@link #isNull}. */
  public @Nullable BigDecimal wide(int column) {
    return nulls[column] ? null : wides[column];
  }

  public void setNull(int column) {
    nulls[column] = true;
  }

  public void setNumber(int column, long value) {
    nulls[column] = false;
    numbers[column] = value;
  }

  public void setText(int column, String value) {
    setText(column, Utf8Text.of(value));
  }

  public void setText(int column, Utf8Text value) {
    nulls[column] = false;
    texts[column] = value;
  }

  public void setWide(int column, BigDecimal value) {
    nulls[column] = false;
    wides[column] = value;
  }

  public String source() {
    return source;
  }

  public String runId() {
    return runId;
  }

  public String batchId() {
    return batchId;
  }

  public long sequence() {
    return sequence;
  }

  /** UTC microseconds since 1970. */
  public long ingestTimeMicros() {
    return ingestTimeMicros;
  }

  /** Orders the versions of a key: the contract's version field, else the ingest time. */
  public long version() {
    return version;
  }

  void setVersion(long version) {
    this.version = version;
  }

  /** The upper half of the keyed fingerprint of (source, stored key values). */
  public long keyHi() {
    return keyHi;
  }

  /** The lower half of the keyed fingerprint of (source, stored key values). */
  public long keyLo() {
    return keyLo;
  }

  void setKey(long hi, long lo) {
    keyHi = hi;
    keyLo = lo;
  }

  /** The upper half of the keyed hash of the content before masking. */
  public long hashHi() {
    return hashHi;
  }

  /** The lower half of the keyed hash of the content before masking. */
  public long hashLo() {
    return hashLo;
  }

  void setHash(long hi, long lo) {
    hashHi = hi;
    hashLo = lo;
  }

  /** The event time's year in the contract's zone, four digits. */
  public String year() {
    return year;
  }

  /** The event time's month in the contract's zone, two digits. */
  public String month() {
    return month;
  }

  /** The event time's day of month in the contract's zone, two digits. */
  public String day() {
    return day;
  }

  @SuppressWarnings("ReferenceEquality")
  void setDay(String newYear, String newMonth, String newDay) {
    if (day != newDay || month != newMonth || year != newYear) {
      year = newYear;
      month = newMonth;
      day = newDay;
    }
  }

  /** The names of the checks that warned, joined by commas; null when none did. */
  public @Nullable String warnings() {
    return warnings;
  }

  /** Adds the name of one more check that warned. */
  void addWarning(String check) {
    warnings = warnings == null ? check : warnings + "," + check;
  }

  void setWarnings(@Nullable String warnings) {
    this.warnings = warnings;
  }
}
