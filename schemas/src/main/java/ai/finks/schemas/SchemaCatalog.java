package ai.finks.schemas;

import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.document.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All contracts and bindings of a folder, checked against each other: {@code avro/<entity>.avsc}
 * and {@code sources/<source>.<entity>.yaml}.
 */
public final class SchemaCatalog {

  private static final String RAW_RECORD = "raw_record.avsc";

  private final Map<String, Contract> contracts;
  private final Map<String, Binding> bindings;

  private SchemaCatalog(Map<String, Contract> contracts, Map<String, Binding> bindings) {
    this.contracts = contracts;
    this.bindings = bindings;
  }

  /**
   * Loads a folder.
   *
   * @param schemasDir the folder that holds {@code avro/} and {@code sources/}
   * @throws InvalidSchemasException with every problem, its file and line
   */
  public static SchemaCatalog load(Path schemasDir) {
    Problems problems = new Problems();
    SchemaCatalog catalog = load(schemasDir, problems);
    if (problems.count() > 0) {
      throw new InvalidSchemasException(problems.list());
    }
    return catalog;
  }

  /** Everything that is wrong in a folder; empty when nothing is. */
  public static List<SchemaProblem> check(Path schemasDir) {
    Problems problems = new Problems();
    load(schemasDir, problems);
    return problems.list();
  }

  private static SchemaCatalog load(Path schemasDir, Problems problems) {
    Map<String, Contract> contracts = new TreeMap<>();
    for (Path path : files(schemasDir.resolve("avro"), ".avsc", problems)) {
      if (!path.endsWith(RAW_RECORD)) {
        loadContract(path, contracts, problems);
      }
    }
    Map<String, Binding> bindings = new TreeMap<>();
    for (Path path : files(schemasDir.resolve("sources"), ".yaml", problems)) {
      loadBinding(path, contracts, bindings, problems);
    }
    return new SchemaCatalog(contracts, bindings);
  }

  private static void loadContract(Path path, Map<String, Contract> contracts, Problems problems) {
    Contract contract = Contract.parse(path.toString(), read(path, problems), problems);
    if (contract == null) {
      return;
    }
    if (!path.endsWith(contract.entity() + ".avsc")) {
      problems.add(
          path.toString(),
          1,
          "the contract of "
              + contract.entity()
              + " must be in a file "
              + contract.entity()
              + ".avsc");
    }
    contracts.put(contract.entity(), contract);
  }

  private static void loadBinding(
      Path path,
      Map<String, Contract> contracts,
      Map<String, Binding> bindings,
      Problems problems) {
    Binding binding = Binding.parse(path.toString(), read(path, problems), problems);
    if (binding == null) {
      return;
    }
    if (!path.endsWith(binding.name() + ".yaml")) {
      problems.add(
          path.toString(),
          1,
          "the binding " + binding.name() + " must be in a file " + binding.name() + ".yaml");
    }
    Contract contract = contracts.get(binding.entity());
    if (contract == null) {
      boolean broken = Files.exists(contractPath(path, binding.entity()));
      if (!broken) {
        problems.add(path.toString(), 1, "there is no contract for '" + binding.entity() + "'");
      }
      return;
    }
    BindingCheck.check(contract, binding, problems);
    bindings.put(binding.name(), binding);
  }

  private static Path contractPath(Path bindingPath, String entity) {
    return bindingPath.resolveSibling("../avro/" + entity + ".avsc");
  }

  private static List<Path> files(Path folder, String suffix, Problems problems) {
    if (!Files.isDirectory(folder)) {
      problems.add(folder.toString(), 1, "this folder does not exist");
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      List<Path> all =
          paths
              .filter(path -> !path.getFileName().toString().startsWith("."))
              .sorted()
              .collect(Collectors.toList());
      for (Path path : all) {
        if (!path.toString().endsWith(suffix)) {
          problems.add(path.toString(), 1, "only " + suffix + " files belong here");
        }
      }
      all.removeIf(path -> !path.toString().endsWith(suffix));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path path, Problems problems) {
    try {
      return Files.readString(path);
    } catch (MalformedInputException e) {
      problems.add(path.toString(), 1, "the file is not UTF-8");
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /** The contracts, by entity. */
  public Collection<Contract> contracts() {
    return List.copyOf(contracts.values());
  }

  public Optional<Contract> contract(String entity) {
    return Optional.ofNullable(contracts.get(entity));
  }

  /** The bindings, by name. */
  public Collection<Binding> bindings() {
    return List.copyOf(bindings.values());
  }

  /**
   * A binding.
   *
   * @param name {@code source.entity}
   */
  public Optional<Binding> binding(String name) {
    return Optional.ofNullable(bindings.get(name));
  }

  /** All bindings of an entity. */
  public List<Binding> bindingsOf(String entity) {
    List<Binding> found = new ArrayList<>();
    for (Binding binding : bindings.values()) {
      if (binding.entity().equals(entity)) {
        found.add(binding);
      }
    }
    return found;
  }
}
