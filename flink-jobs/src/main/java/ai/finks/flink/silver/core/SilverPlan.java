package ai.finks.flink.silver.core;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Drift;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.raw.RawRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A contract and its bindings, compiled into the way from a raw record to rows: take the payload
 * apart, convert, check, hash, mask, fingerprint.
 *
 * <p>Bad records are values ({@link Refusal}); no bytes whatever make {@link #refine} throw. A plan
 * keeps buffers between records: one per task, used by one thread. It holds secret keys, so it is
 * compiled where it runs and never serialised.
 */
public final class SilverPlan {

  private static final String DRIFT_WARNING = "drift";
  private static final long MAX_QUARANTINED_BYTES = 64L * 1024 * 1024;

  private final Contract contract;
  private final List<Column> columns;
  private final Map<String, BindingPlan> bindings = new HashMap<>();
  private final FieldValues values;
  private final KeyTexts keyTexts;
  private final RowChecks checks;
  private final RowHashes hashes;
  private final RowMask mask;
  private final PartitionDays days;
  private final PreviousRules previousRules;
  private final int eventTime;
  private final int versionField;
  private @Nullable String lastSource;
  private @Nullable String lastEntity;
  private @Nullable BindingPlan lastBinding;
  private LongPredicate wanted = any -> true;

  private SilverPlan(Contract contract, Collection<Binding> bindings, PiiKeys keys) {
    this.contract = contract;
    this.columns = Column.of(contract);
    for (Binding binding : bindings) {
      if (!binding.entity().equals(contract.entity())) {
        throw new IllegalArgumentException(binding + " is not for " + contract.entity());
      }
      this.bindings.put(binding.source(), new BindingPlan(contract, binding));
    }
    List<Field> allValues = new ArrayList<>(contract.fields());
    allValues.addAll(contract.envelopeFields());
    this.values = new FieldValues(allValues);
    this.keyTexts = new KeyTexts(contract);
    this.checks = new RowChecks(contract);
    this.hashes = new RowHashes(contract, columns, keys);
    this.mask = new RowMask(contract, columns, keys);
    this.previousRules = PreviousRules.of(contract, columns, hashes);
    this.days = new PartitionDays(contract);
    this.eventTime = contract.eventTime().index();
    this.versionField = contract.versionField().map(Field::index).orElse(-1);
  }

  /**
   * Compiles a plan.
   *
   * @throws IllegalArgumentException when a binding is for another entity or does not suit the
   *     contract, or a key is missing
   */
  public static SilverPlan compile(Contract contract, Collection<Binding> bindings, PiiKeys keys) {
    return new SilverPlan(contract, bindings, keys);
  }

  public Contract contract() {
    return contract;
  }

  /**
   * From now on rows of other event times count as filtered, once they have passed all checks.
   *
   * @param eventTimes in microseconds since the epoch, or in days of a contract that has days
   */
  public void only(LongPredicate eventTimes) {
    wanted = eventTimes;
  }

  /** The columns of the rows that this plan makes. */
  public List<Column> columns() {
    return columns;
  }

  /** An empty result to pass to {@link #refine}. */
  public Refined newRefined() {
    return new Refined(columns);
  }

  /** Turns a record into rows or refusals. */
  public void refine(RawRecord record, Refined out) {
    out.clear();
    BindingPlan binding = binding(record);
    if (binding == null) {
      out.refuse(Refusal.of(RefusalReason.UNKNOWN_SOURCE));
      return;
    }
    if (!binding.open(record, out)) {
      return;
    }
    int elements = binding.elements();
    if (elements < 0) {
      row(binding, record, out);
      return;
    }
    for (int element = 0; element < elements; element++) {
      out.begin(element);
      if (binding.element(element, out)) {
        row(binding, record, out);
      }
    }
    // Each refused element takes the whole payload to quarantine.
    if ((long) out.refused().size() * record.payloadLength() > MAX_QUARANTINED_BYTES) {
      out.refuseWhole(
          Refusal.of(RefusalReason.TOO_MANY_REFUSALS, "elements(" + out.refused().size() + ")"));
    }
  }

  /** Convert, check: what is wrong is collected, so that a record carries all its refusals. */
  private void row(BindingPlan binding, RawRecord record, Refined out) {
    binding.convert(values, out);
    keyTexts.check(values, out);
    String warnings = checks.run(values, record.ingestTimeMicros(), out);
    if (out.isElementRefused()) {
      return;
    }
    SilverRow row = out.addRow();
    if (!days.set(values.number(eventTime), row)) {
      out.dropRow();
      out.refuse(Refusal.ofField(RefusalReason.OUT_OF_RANGE, contract.eventTime().name(), "date"));
      return;
    }
    if (!wanted.test(values.number(eventTime))) {
      out.dropRow();
      out.filter();
      return;
    }
    row.setOrigin(record);
    row.setWarnings(flagged(warnings, out));
    row.setVersion(versionField < 0 ? record.ingestTimeMicros() : values.number(versionField));
    hashes.hashContent(values, row);
    mask.apply(values, row);
    hashes.fingerprint(record.source(), row);
  }

  /** A frozen contract takes records with unknown fields, but says so in the row. */
  private @Nullable String flagged(@Nullable String warnings, Refined out) {
    if (contract.drift() != Drift.FREEZE || out.unknownFields().isEmpty()) {
      return warnings;
    }
    return warnings == null ? DRIFT_WARNING : warnings + "," + DRIFT_WARNING;
  }

  /** Records of one source come in a row, with the very same texts where they are of one batch. */
  @SuppressWarnings("ReferenceEquality")
  private @Nullable BindingPlan binding(RawRecord record) {
    if (record.source() != lastSource || record.entity() != lastEntity) {
      lastSource = record.source();
      lastEntity = record.entity();
      lastBinding = lastEntity.equals(contract.entity()) ? bindings.get(lastSource) : null;
    }
    return lastBinding;
  }

  /** The checks against previous values, for the thread that refines. */
  public PreviousRules previousRules() {
    return previousRules;
  }

  /** An empty memory for a stream partition. */
  public KeyMemory newMemory() {
    return new KeyMemory(new KnownVersions(contract.dedupeWindow()), previousRules.newValues());
  }

  /** For one more thread: what a running job knew of rows, from what the table holds of them. */
  public StoredRow newStoredRow() {
    return new StoredRow(new SilverRow(columns), hashes.newKeyFingerprint(), previousRules.copy());
  }
}
