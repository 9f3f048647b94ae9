package ai.finks.flink.silver.core;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.Explode;
import ai.finks.schemas.binding.FieldBinding;
import ai.finks.schemas.binding.FilterRule;
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
  private final int[] indexes;
  private final ValueConverter[] converters;
  private final DriftWatch drift;
  private final RecordFilter recordFilter = new RecordFilter();
  private final RecordFilter elementFilter = new RecordFilter();
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
    String array = binding.explode().map(Explode::elementPrefix).orElse("");
    this.drift =
        new DriftWatch(
            places.stream().map(place -> shown(place, array)).collect(Collectors.toList()));
    for (FilterRule rule : binding.filter()) {
      RecordFilter filter = rule.place().isInElement() ? elementFilter : recordFilter;
      filter.add(rule, places.size(), binding.trim());
      places.add(rule.place());
    }
    this.reader = RecordReader.of(binding, places);
    this.fields = bound.toArray(new Field[0]);
    this.indexes = bound.stream().mapToInt(Field::index).toArray();
    this.converters = compiled.toArray(new ValueConverter[0]);
  }

  /** A place as drift names it. */
  private static String shown(Locator place, String array) {
    switch (place.kind()) {
      case ELEMENT:
        return array + place.text();
      case COMBINE:
        return place.parts().stream()
            .map(part -> shown(part, array))
            .collect(Collectors.joining("+"));
      default:
        return place.text();
    }
  }

  /**
   * Takes a record apart.
   *
   * @return whether there is something to convert; otherwise what became of the record is noted
   */
  boolean open(RawRecord record, Refined out) {
    PayloadFlaw flaw =
        reader.read(
            record.payloadSource(),
            record.payloadStart(),
            record.payloadEnd(),
            record.attributes());
    if (flaw != null) {
      out.refuse(Refusal.of(reason(flaw), "payload(" + record.payloadLength() + ")"));
      return false;
    }
    if (recordFilter.drops(reader.slots())) {
      out.filter();
      return false;
    }
    List<String> unknown = names.shown(reader.slots().unknown());
    out.setUnknownFields(unknown);
    if (refusesUnknown) {
      refuseUnknown(unknown, out);
    }
    if (!reader.hasArray()) {
      out.refuse(Refusal.of(RefusalReason.ARRAY_MISSING, shape(reader.array())));
    }
    // What is wrong with the whole of an exploded record is said once, not for each element.
    return reader.elements() < 0 || !out.isElementRefused();
  }

  /** How many elements the opened record has; negative when it is one row. */
  int elements() {
    return reader.elements();
  }

  /**
   * Goes to an element of the opened record.
   *
   * @return whether there is something to convert; otherwise the element is filtered out
   */
  boolean element(int index, Refined out) {
    reader.element(index);
    if (elementFilter.drops(reader.slots())) {
      out.filter();
      return false;
    }
    List<String> unknown = names.shown(reader.unknownInElement(index));
    if (!unknown.isEmpty()) {
      out.addUnknownFields(unknown);
      if (refusesUnknown) {
        refuseUnknown(unknown, out);
      }
    }
    return true;
  }

  private static void refuseUnknown(List<String> names, Refined out) {
    for (String name : names) {
      out.refuse(Refusal.ofField(RefusalReason.UNKNOWN_FIELD, name, null));
    }
  }

  /** Converts the values of the opened record or element; what is wrong is a refusal each. */
  void convert(FieldValues values, Refined out) {
    Slots slots = reader.slots();
    values.clear();
    for (int slot = 0; slot < fields.length; slot++) {
      int index = indexes[slot];
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
      case TOO_MANY_ELEMENTS:
        return RefusalReason.TOO_MANY_ELEMENTS;
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
      case LOCAL_TIME_INVALID:
        return RefusalReason.LOCAL_TIME_INVALID;
      case UNKNOWN_VALUE:
        return RefusalReason.UNKNOWN_VALUE;
    }
    throw new AssertionError(flaw);
  }

  private static String shape(Slots slots, int slot) {
    return slots.kind(slot) == Lexeme.TEXT
        ? Refusal.textShape(slots.length(slot))
        : shape(slots.kind(slot));
  }

  private static String shape(Lexeme kind) {
    return kind == Lexeme.TRUE || kind == Lexeme.FALSE
        ? "boolean"
        : kind.name().toLowerCase(Locale.ROOT);
  }
}
