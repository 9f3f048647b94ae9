package ai.finks.stack.contracts;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.SchemaProblem;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Compatibility;
import ai.finks.schemas.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is new or other in contracts and bindings, and what of it must not be taken in while tables
 * and topics hold records of the ones before.
 *
 * @param newEntities entities with their first contract
 * @param changedEntities entities whose contract's file differs
 * @param newBindings bindings that were not there
 * @param changedBindings bindings whose file differs
 * @param removedEntities entities whose contract's file is gone, as somebody said it may
 * @param removedBindings bindings whose file is gone, as somebody said it may
 * @param problems why it cannot be taken in, with file and line
 */
public record ContractChange(
    List<String> newEntities,
    List<String> changedEntities,
    List<String> newBindings,
    List<String> changedBindings,
    List<String> removedEntities,
    List<String> removedBindings,
    List<SchemaProblem> problems) {

  /** Copies the lists. */
  public ContractChange {
    newEntities = List.copyOf(newEntities);
    changedEntities = List.copyOf(changedEntities);
    newBindings = List.copyOf(newBindings);
    changedBindings = List.copyOf(changedBindings);
    removedEntities = List.copyOf(removedEntities);
    removedBindings = List.copyOf(removedBindings);
    problems = List.copyOf(problems);
  }

  /**
   * Compares what runs with what is to run.
   *
   * @param removable the entities and bindings whose files may be gone
   */
  public static ContractChange between(
      SchemaCatalog before, SchemaCatalog after, Set<String> removable) {
    Comparison comparison = new Comparison(before, after, removable);
    comparison.contracts();
    comparison.bindings();
    return new ContractChange(
        comparison.newEntities,
        comparison.changedEntities,
        comparison.newBindings,
        comparison.changedBindings,
        comparison.removedEntities,
        comparison.removedBindings,
        comparison.problems);
  }

  /** Whether nothing is to be taken in. */
  public boolean isEmpty() {
    return newEntities.isEmpty()
        && changedEntities.isEmpty()
        && newBindings.isEmpty()
        && changedBindings.isEmpty()
        && removedEntities.isEmpty()
        && removedBindings.isEmpty()
        && problems.isEmpty();
  }

  private static final class Comparison {
    final SchemaCatalog before;
    final SchemaCatalog after;
    final Set<String> removable;
    final List<String> newEntities = new ArrayList<>();
    final List<String> changedEntities = new ArrayList<>();
    final List<String> newBindings = new ArrayList<>();
    final List<String> changedBindings = new ArrayList<>();
    final List<String> removedEntities = new ArrayList<>();
    final List<String> removedBindings = new ArrayList<>();
    final List<SchemaProblem> problems = new ArrayList<>();

    Comparison(SchemaCatalog before, SchemaCatalog after, Set<String> removable) {
      this.before = before;
      this.after = after;
      this.removable = removable;
    }

    void contracts() {
      for (Contract contract : after.contracts()) {
        Contract old = before.contract(contract.entity()).orElse(null);
        if (old == null) {
          newEntities.add(contract.entity());
        } else if (!text(old.file()).equals(text(contract.file()))) {
          changedEntities.add(contract.entity());
          problems.addAll(Compatibility.check(old, contract));
        }
      }
      for (Contract old : before.contracts()) {
        if (after.contract(old.entity()).isEmpty()) {
          gone(old.entity(), old.file(), "contract of ", removedEntities);
        }
      }
    }

    void bindings() {
      for (Binding binding : after.bindings()) {
        Binding old = before.binding(binding.name()).orElse(null);
        if (old == null) {
          newBindings.add(binding.name());
        } else if (!text(old.file()).equals(text(binding.file()))) {
          changedBindings.add(binding.name());
          stream(old, binding);
        }
      }
      for (Binding old : before.bindings()) {
        if (after.binding(old.name()).isEmpty()) {
          gone(old.name(), old.file(), "binding ", removedBindings);
        }
      }
    }

    private void stream(Binding old, Binding now) {
      if (!old.rawKey().equals(now.rawKey())) {
        problems.add(
            new SchemaProblem(
                now.file(),
                now.line("raw-key"),
                "'raw-key' must stay: records of one key would go to another partition than those"
                    + " before them and lose their order"));
      }
      if (old.stream().partitions() != now.stream().partitions()) {
        problems.add(
            new SchemaProblem(
                now.file(),
                now.line("stream"),
                String.format(
                    "the topic %s has %d partitions and keeps them, or records of one key lose"
                        + " their order",
                    now.topic(), old.stream().partitions())));
      }
    }

    private void gone(String name, String file, String what, List<String> removed) {
      if (removable.contains(name)) {
        removed.add(name);
        return;
      }
      problems.add(
          new SchemaProblem(
              Path.of(file).getFileName().toString(),
              1,
              "the "
                  + what
                  + name
                  + " runs and its file is gone; put it back, or apply with --remove "
                  + name));
    }

    private static String text(String file) {
      try {
        return Files.readString(Path.of(file));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file, e);
      }
    }
  }
}
