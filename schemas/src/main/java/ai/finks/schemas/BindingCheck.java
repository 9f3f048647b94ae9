package ai.finks.schemas;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.FieldBinding;
import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.Locator;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import ai.finks.schemas.contract.PreviousCheck;
import ai.finks.schemas.document.Problems;
import ai.finks.schemas.document.Section;
import ai.finks.schemas.value.OptionMismatchException;
import ai.finks.schemas.value.ValueConverter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks a binding against its contract. */
final class BindingCheck {

  private final Contract contract;
  private final Binding binding;
  private final Problems problems;

  private BindingCheck(Contract contract, Binding binding, Problems problems) {
    this.contract = contract;
    this.binding = binding;
    this.problems = problems;
  }

  static void check(Contract contract, Binding binding, Problems problems) {
    BindingCheck check = new BindingCheck(contract, binding, problems);
    check.boundFields();
    check.requiredFields();
    check.ignored();
    check.rawKey();
    check.previousGroups();
    check.localTimes();
  }

  private void boundFields() {
    List<String> names = new ArrayList<>();
    contract.fields().forEach(field -> names.add(field.name()));
    for (FieldBinding bound : binding.fields()) {
      Field field = contract.field(bound.field()).orElse(null);
      if (field == null) {
        problem(bound.line(), Section.unknown("field", bound.field(), names));
        continue;
      }
      try {
        ValueConverter.of(field, bound);
      } catch (OptionMismatchException e) {
        problem(bound.line(e.option()), "field '" + field.name() + "': " + e.getMessage());
      } catch (IllegalArgumentException e) {
        problem(bound.line(), "field '" + field.name() + "': " + e.getMessage());
      }
    }
  }

  private void requiredFields() {
    for (Field field : contract.fields()) {
      if (field.required() && binding.field(field.name()).isEmpty()) {
        problem(
            binding.line("fields"),
            String.format(
                "the field '%s' is required by the contract (%s:%d) and not bound",
                field.name(), contract.file(), field.line()));
      }
    }
  }

  private void ignored() {
    Set<String> bound = new HashSet<>();
    binding.fields().forEach(field -> bound.add(field.locator().text()));
    for (String place : binding.ignored()) {
      if (binding.format() != Format.CSV) {
        try {
          Locator.of(Locator.Kind.POINTER, place);
        } catch (IllegalArgumentException e) {
          problem(binding.line("ignore"), "'ignore': " + e.getMessage());
        }
      }
      if (bound.contains(place)) {
        problem(binding.line("ignore"), "'" + place + "' is bound and ignored");
      }
    }
  }

  /**
   * A raw key of nothing but key fields cannot split a contract key over partitions, if different
   * texts in the source are different values in the contract.
   */
  private void rawKey() {
    Set<Locator> keyPlaces = new HashSet<>();
    Set<Locator> samePlaces = new HashSet<>();
    for (Field field : contract.key()) {
      FieldBinding bound = binding.field(field.name()).orElse(null);
      if (bound != null) {
        keyPlaces.add(bound.locator());
        if (field.type().isText() && bound.values().isEmpty() && bound.defaultText().isEmpty()) {
          samePlaces.add(bound.locator());
        }
      }
    }
    for (Locator part : binding.rawKey()) {
      // A constant puts all records into one partition, which keeps every order.
      if (part.kind() == Locator.Kind.CONSTANT) {
        continue;
      }
      if (keyPlaces.contains(part) && !samePlaces.contains(part)) {
        problem(
            binding.line("raw-key"),
            String.format(
                "'raw-key': %s may stand for one value in several ways, so records of one key could"
                    + " lose their order; it must be a string without 'values' and 'default'",
                part));
      } else if (!keyPlaces.contains(part)) {
        problem(
            binding.line("raw-key"),
            String.format(
                "'raw-key': %s is bound to none of the key fields of %s, so records of one key"
                    + " could lose their order",
                part, contract.entity()));
      }
    }
  }

  /** A group's rows must all come by one partition: what they are keyed by must be part of it. */
  private void previousGroups() {
    for (PreviousCheck check : contract.previousChecks()) {
      Set<Locator> places = new HashSet<>();
      for (Field field : check.group()) {
        binding.field(field.name()).ifPresent(bound -> places.add(bound.locator()));
      }
      for (Locator part : binding.rawKey()) {
        if (!places.contains(part)) {
          problem(
              binding.line("raw-key"),
              String.format(
                  "'raw-key': %s is bound to none of the fields that the check '%s' (%s:%d) groups"
                      + " by, so a group could be spread over partitions",
                  part, check.name(), contract.file(), check.line()));
        }
      }
    }
  }

  /** What no field's time can need is said in vain, and probably misunderstood. */
  private void localTimes() {
    boolean used =
        binding.fields().stream()
            .flatMap(bound -> contract.field(bound.field()).stream())
            .map(field -> field.type().kind())
            .anyMatch(kind -> kind == FieldType.Kind.DATE || kind == FieldType.Kind.TIMESTAMP);
    for (String key : List.of("zone", "gap", "overlap")) {
      if (binding.says(key) && !used) {
        problem(binding.line(key), "'" + key + "' has no use: no bound field is a date or time");
      }
    }
  }

  private void problem(int line, String message) {
    problems.add(binding.file(), line, message);
  }
}
