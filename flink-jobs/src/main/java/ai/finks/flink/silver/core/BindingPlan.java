package ai.finks.flink.silver.core;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.FieldBinding;
import ai.finks.schemas.binding.Locator;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Drift;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.payload.Lexeme;
import ai.finks.schemas.payload.PayloadFlaw;
import ai.finks.schemas.payload.RecordReader;
import ai.finks.schemas.payload.Slots;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.value.Cell;
import ai.finks.schemas.value.Flaw;
import ai.finks.schemas.value.ValueConverter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A binding, compiled: from a raw record to the contract's values. */
final class BindingPlan {

  private final boolean refusesUnknown;
  private final SourceNames names;
  private final RecordReader reader;
  private final Field[] fields;
  private final ValueConverter[] converters;
  private final DriftWatch drift;
  private final Cell cell = new Cell();

  BindingPlan(Contract contract, Binding binding) {
    this.refusesUnknown = contract.drift() == Drift.QUARANTINE;
    this.names = new SourceNames(contract);
    List<Locator> places = new ArrayList<>();
    List<Field> bound = new ArrayList<>();
    List<ValueConverter> compiled = new ArrayList<>();
    for (FieldBinding fieldBinding : binding.fields()) {
      Field field =
          contract
              .field(fieldBinding.field())
              .orElseThrow(
                  () -> new IllegalArgumentException("unknown field " + fieldBinding.field()));
      bound.add(field);
      places.add(fieldBinding.locator());
      compiled.add(ValueConverter.of(field, fieldBinding));
    }
    this.reader = RecordReader.of(binding.format(), places, binding.ignored());
    this.drift = new DriftWatch(places.stream().map(Locator::text).collect(Collectors.toList()));
    this.fields = bound.toArray(new Field[0]);
    this.converters = compiled.toArray(new ValueConverter[0]);
  }

  /**
   * Reads a record's values; what is wrong is added to the refusals.
   *
   * @return whether the payload could be taken apart, so that there are values to look at
   */
  boolean read(RawRecord record, FieldValues values, Refined out) {
    PayloadFlaw flaw = reader.read(record.payload(), record.attributes());
    Slots slots = reader.slots();
    if (flaw != null) {
      out.refuse(Refusal.of(reason(flaw), "payload(" + record.payload().length + ")"));
      return false;
    }
    List<String> unknown = names.shown(slots.unknown());
    out.setUnknownFields(unknown);
    if (refusesUnknown) {
      for (String name : unknown) {
        out.refuse(Refusal.ofField(RefusalReason.UNKNOWN_FIELD, name, null));
      }
    }
    values.clear();
    for (int slot = 0; slot < fields.length; slot++) {
      int index = fields[slot].index();
      Lexeme kind = slots.kind(slot);
      drift.look(slot, kind, out);
      Flaw wrong = converters[slot].convert(slots, slot, cell);
      if (wrong == null) {
        values.set(index, cell);
      } else {
        values.setBroken(index);
        drift.refused(slot, wrong, kind, out);
        out.refuse(Refusal.ofField(reason(wrong), fields[slot].name(), shape(slots, slot)));
      }
    }
    return true;
  }

  private static RefusalReason reason(PayloadFlaw flaw) {
    switch (flaw) {
      case TOO_LARGE:
        return RefusalReason.PAYLOAD_TOO_LARGE;
      case NOT_UTF8:
        return RefusalReason.PAYLOAD_NOT_UTF8;
      case TOO_DEEP:
        return RefusalReason.PAYLOAD_TOO_DEEP;
      case DUPLICATE_MEMBER:
        return RefusalReason.PAYLOAD_AMBIGUOUS;
      case HEADER_MISSING:
        return RefusalReason.HEADER_MISSING;
      case MALFORMED:
        return RefusalReason.PAYLOAD_MALFORMED;
    }
    throw new AssertionError(flaw);
  }

  private static RefusalReason reason(Flaw flaw) {
    switch (flaw) {
      case MISSING:
        return RefusalReason.FIELD_MISSING;
      case TYPE_MISMATCH:
        return RefusalReason.TYPE_MISMATCH;
      case SCALE_EXCEEDED:
        return RefusalReason.SCALE_EXCEEDED;
      case OUT_OF_RANGE:
        return RefusalReason.OUT_OF_RANGE;
      case UNPARSEABLE_DATE:
        return RefusalReason.UNPARSEABLE_DATE;
      case UNKNOWN_VALUE:
        return RefusalReason.UNKNOWN_VALUE;
    }
    throw new AssertionError(flaw);
  }

  private static String shape(Slots slots, int slot) {
    Lexeme kind = slots.kind(slot);
    switch (kind) {
      case TEXT:
        return "string(" + slots.length(slot) + ")";
      case TRUE:
      case FALSE:
        return "boolean";
      default:
        return kind.name().toLowerCase(Locale.ROOT);
    }
  }
}
