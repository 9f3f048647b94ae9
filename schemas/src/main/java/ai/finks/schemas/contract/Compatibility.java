package ai.finks.schemas.contract;

import ai.finks.schemas.SchemaProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Whether a contract may follow another one while tables hold rows and readers hold schemas of the
 * one before.
 *
 * <p>A field is the same field as long as its id is. It may get another name (with the old one as
 * an alias), a wider type, and become optional; new fields are optional. What decides about rows
 * that are there already stays: key, event time, zone, period, version field, masking.
 */
public final class Compatibility {

  private final Contract before;
  private final Contract after;
  private final List<SchemaProblem> problems = new ArrayList<>();

  private Compatibility(Contract before, Contract after) {
    this.before = before;
    this.after = after;
  }

  /** Why {@code after} must not follow {@code before}, in its file and lines; empty if it may. */
  public static List<SchemaProblem> check(Contract before, Contract after) {
    Compatibility check = new Compatibility(before, after);
    check.fixed("key", ids(before.key()), ids(after.key()));
    check.fixed("event-time", before.eventTime().id(), after.eventTime().id());
    check.fixed("zone", before.zone(), after.zone());
    check.fixed("period", before.period(), after.period());
    check.fixed(
        "version-field", before.versionField().map(Field::id), after.versionField().map(Field::id));
    check.fields();
    check.version();
    return List.copyOf(check.problems);
  }

  private static List<Integer> ids(List<Field> fields) {
    return fields.stream().map(Field::id).collect(Collectors.toList());
  }

  private void fixed(String property, Object old, Object now) {
    if (!old.equals(now)) {
      problem(
          after.line(property),
          "'"
              + property
              + "' must stay as it is in version "
              + before.version()
              + ": rows that are there were keyed and laid out by it; make a new entity instead");
    }
  }

  private void fields() {
    Map<Integer, Field> byId = new HashMap<>();
    after.fields().forEach(field -> byId.put(field.id(), field));
    boolean changed = before.fields().size() != after.fields().size();
    for (Field old : before.fields()) {
      Field now = byId.remove(old.id());
      if (now == null) {
        gone(old);
      } else {
        compare(old, now);
        changed |= !describe(old).equals(describe(now));
      }
    }
    byId.values().forEach(this::added);
    if (changed && before.drift() == Drift.FREEZE) {
      problem(
          after.line("drift"),
          "version "
              + before.version()
              + " is frozen ('drift': 'freeze') and its fields differ; apply a version with"
              + " another 'drift' and the same fields first");
    }
  }

  private void gone(Field old) {
    Field sameName = after.field(old.name()).orElse(null);
    if (sameName != null) {
      problem(
          sameName.line(),
          "the field '" + old.name() + "' had the id " + old.id() + ", which must never change");
    } else {
      problem(
          after.line("fields"),
          "the field '"
              + old.name()
              + "' (id "
              + old.id()
              + ") is gone, and rows and readers have it; keep it (a nullable one need not be"
              + " bound), or rename it with its id and the alias '"
              + old.name()
              + "'");
    }
  }

  private void added(Field field) {
    boolean renumbered = before.field(field.name()).isPresent();
    if (field.required() && !renumbered) {
      problem(
          field.line(),
          "the new field '"
              + field.name()
              + "' is required, and rows that are there have no value for it; make its type"
              + " [\"null\", …] with \"default\": null");
    }
  }

  private void compare(Field old, Field now) {
    if (!old.name().equals(now.name()) && !now.aliases().contains(old.name())) {
      problem(
          now.line(),
          String.format(
              "'%s' has the id %d of '%s': a renamed field needs \"aliases\": [\"%s\"], another"
                  + " field an id of its own",
              now.name(), now.id(), old.name(), old.name()));
    }
    if (!isReadableAs(old.type(), now.type())) {
      problem(
          now.line(),
          String.format(
              "the field '%s' was %s and cannot become %s: only int to long, and more digits of a"
                  + " decimal at the same scale",
              now.name(), old.type(), now.type()));
    }
    if (now.required() && !old.required()) {
      problem(
          now.line(),
          "the field '" + now.name() + "' was nullable, so rows that are there may lack it");
    }
    if (!old.masking().map(Masking::toString).equals(now.masking().map(Masking::toString))) {
      problem(
          now.line(),
          "the masking of '" + now.name() + "' must stay: its stored values could not be compared");
    }
  }

  private static boolean isReadableAs(FieldType old, FieldType now) {
    if (old.equals(now)) {
      return true;
    }
    if (old.kind() == FieldType.Kind.DECIMAL && now.kind() == FieldType.Kind.DECIMAL) {
      return old.scale() == now.scale() && old.precision() <= now.precision();
    }
    return old.kind() == FieldType.Kind.INT && now.kind() == FieldType.Kind.LONG;
  }

  private void version() {
    boolean counted = after.version() > before.version();
    boolean same = after.version() == before.version();
    if (!counted && !(same && describe(before).equals(describe(after)))) {
      problem(
          after.line("version"),
          String.format(
              "the contract differs from version %d, so its version must be %d or higher, not %d",
              before.version(), before.version() + 1, after.version()));
    }
  }

  /** All that a version number stands for: everything but documentation. */
  private static String describe(Contract contract) {
    return contract.fields().stream().map(Compatibility::describe).collect(Collectors.toList())
        + " "
        + contract.drift()
        + " "
        + contract.dedupeWindow()
        + contract.lateness().map(lateness -> " late by " + lateness).orElse("")
        + " "
        + contract.previousChecks().stream()
            .map(check -> check.name() + " " + check.text() + " " + check.severity())
            .collect(Collectors.toList())
        + contract.checks().stream()
            .map(check -> check.name() + " " + check.text() + " " + check.severity())
            .collect(Collectors.toList());
  }

  private static String describe(Field field) {
    return field.id() + " " + field + " " + Objects.toString(field.masking().orElse(null));
  }

  private void problem(int line, String message) {
    problems.add(new SchemaProblem(after.file(), line, message));
  }
}
