package ai.finks.schemas.contract;

import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.document.Problems;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an entity's Silver table promises: fields, types, key, event time, partition period,
 * masking, checks. Read from one Avro schema with a {@code finks} property. Immutable.
 */
public final class Contract {

  /** The name by which checks call the time at which a record was taken in. */
  public static final String INGEST_TIME = "_ingest_time";

  /** The name by which checks call the day of the ingest time in the contract's zone. */
  public static final String INGEST_DAY = "_ingest_day";

  private final String file;
  private final String entity;
  private final int version;
  private final String doc;
  private final Map<String, Field> fields;
  private final List<Field> key;
  private final Field eventTime;
  private final ZoneId zone;
  private final Period period;
  private final @Nullable Field versionField;
  private final Drift drift;
  private final DedupeWindow dedupeWindow;
  private final @Nullable Duration lateness;
  private final List<Check> checks;
  private final List<PreviousCheck> previousChecks;
  private final String avroSchema;
  private final Map<String, Integer> lines;

  Contract(Builder builder) {
    this.file = Objects.requireNonNull(builder.file);
    this.entity = Objects.requireNonNull(builder.entity);
    this.version = builder.version;
    this.doc = Objects.requireNonNull(builder.doc);
    this.fields = new LinkedHashMap<>(builder.fields);
    this.key = List.copyOf(builder.key);
    this.eventTime = Objects.requireNonNull(builder.eventTime);
    this.zone = Objects.requireNonNull(builder.zone);
    this.period = Objects.requireNonNull(builder.period);
    this.versionField = builder.versionField;
    this.drift = Objects.requireNonNull(builder.drift);
    this.dedupeWindow = builder.dedupeWindow;
    this.lateness = builder.lateness;
    this.checks = List.copyOf(builder.checks);
    this.previousChecks = List.copyOf(builder.previousChecks);
    this.avroSchema = Objects.requireNonNull(builder.avroSchema);
    this.lines = Map.copyOf(builder.lines);
  }

  /**
   * Parses a contract.
   *
   * @param file the name that problems are reported under
   * @param text the Avro schema as JSON
   * @throws InvalidSchemasException with every problem and its line
   */
  public static Contract parse(String file, String text) {
    Problems problems = new Problems();
    Contract contract = ContractParser.parse(file, text, problems);
    if (contract == null || problems.count() > 0) {
      throw new InvalidSchemasException(problems.list());
    }
    return contract;
  }

  /** Parses a contract, or returns null and says why in the problems. */
  public static @Nullable Contract parse(String file, String text, Problems problems) {
    return ContractParser.parse(file, text, problems);
  }

  /** The file that the contract was read from. */
  public String file() {
    return file;
  }

  public String entity() {
    return entity;
  }

  public int version() {
    return version;
  }

  public String doc() {
    return doc;
  }

  /** All fields in the contract's order. */
  public List<Field> fields() {
    return List.copyOf(fields.values());
  }

  /**
   * What checks can look at beside the fields: {@link #INGEST_TIME} and {@link #INGEST_DAY}. Their
   * positions follow those of the fields.
   */
  public List<Field> envelopeFields() {
    return envelopeFields(fields.size());
  }

  static List<Field> envelopeFields(int fieldCount) {
    String doc = "Of the record's envelope.";
    return List.of(
        new Field(fieldCount, 0, INGEST_TIME, FieldType.TIMESTAMP, true, doc, null, List.of(), 1),
        new Field(fieldCount + 1, 0, INGEST_DAY, FieldType.DATE, true, doc, null, List.of(), 1));
  }

  /** A field by its name. */
  public Optional<Field> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** The fields that, with the source, say which thing a row is about. */
  public List<Field> key() {
    return key;
  }

  /** The date or instant that a row's partition follows from. */
  public Field eventTime() {
    return eventTime;
  }

  /** The zone in which an instant of the event time falls into a day. */
  public ZoneId zone() {
    return zone;
  }

  public Period period() {
    return period;
  }

  /** The field that orders the versions of a key; the ingest time does when there is none. */
  public Optional<Field> versionField() {
    return Optional.ofNullable(versionField);
  }

  public Drift drift() {
    return drift;
  }

  /** How far back duplicates are found. */
  public DedupeWindow dedupeWindow() {
    return dedupeWindow;
  }

  /**
   * How long after its event time, or after it was first taken in, a record may still come by the
   * stream; empty when there is no limit.
   */
  public Optional<Duration> lateness() {
    return Optional.ofNullable(lateness);
  }

  /** The checks that a row passes or fails by itself. */
  public List<Check> checks() {
    return checks;
  }

  /** The checks of a value against the previous one of its group. */
  public List<PreviousCheck> previousChecks() {
    return previousChecks;
  }

  /** The Avro schema, compact, with everything that is in the file. */
  public String avroSchema() {
    return avroSchema;
  }

  /** The line that a property such as {@code period} stands in; the first when it is not there. */
  public int line(String property) {
    return lines.getOrDefault(property, 1);
  }

  @Override
  public String toString() {
    return entity + " v" + version + " " + fields.values();
  }

  /** Collects what {@link ContractParser} reads. */
  static final class Builder {
    @Nullable String file;
    @Nullable String entity;
    int version;
    @Nullable String doc;
    Map<String, Field> fields = Map.of();
    List<Field> key = List.of();
    @Nullable Field eventTime;
    @Nullable ZoneId zone;
    @Nullable Period period;
    @Nullable Field versionField;
    Drift drift = Drift.EVOLVE;
    DedupeWindow dedupeWindow = DedupeWindow.all();
    @Nullable Duration lateness;
    List<Check> checks = List.of();
    final List<PreviousCheck> previousChecks = new ArrayList<>();
    @Nullable String avroSchema;
    Map<String, Integer> lines = Map.of();
  }
}
