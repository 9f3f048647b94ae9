package ai.finks.stack.cli;

import ai.finks.flink.silver.fixture.BindingFixtures;
import ai.finks.schemas.InvalidSchemasException;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.SchemaProblem;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Contracts and bindings. */
@Command(
    name = "contracts",
    description = "Look at and check contracts and bindings.",
    synopsisSubcommandLabel = "(list | check | try | apply | infer)",
    subcommands = {
      ContractsCommand.ListAll.class,
      ContractsCommand.Check.class,
      ContractsTryCommand.class,
      ContractsApplyCommand.class,
      ContractsInferCommand.class
    })
final class ContractsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "What about contracts? (contracts list, check, try, apply or infer)");
  }

  /** Where contracts and bindings are. */
  static final class Folder {
    @Option(
        names = "--schemas",
        paramLabel = "DIR",
        description =
            "The folder with avro/, sources/ and fixtures/ (default: the one that the home was"
                + " started with, else the checkout's schemas).")
    private @Nullable Path folder;

    Path path(CommonOptions common) {
      return of(folder, common.home());
    }

    /** The folder that was given, or that a home takes its contracts from. */
    static Path of(@Nullable Path given, FinksHome home) {
      return given != null
          ? given
          : AppliedContracts.of(home)
              .origin()
              .filter(Files::isDirectory)
              .orElseGet(() -> CommonOptions.root().resolve("schemas"));
    }

    /** Contracts and bindings, or a failure that names file and line of every problem. */
    SchemaCatalog load(CommonOptions common) {
      try {
        return SchemaCatalog.load(path(common));
      } catch (InvalidSchemasException e) {
        throw CommandFailure.usage("Contracts or bindings are wrong:\n" + e.getMessage());
      }
    }
  }

  /** Prints what there is. */
  @Command(name = "list", description = "Print the contracts and their bindings.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final Folder folder = new Folder();

    @Override
    public Integer call() {
      SchemaCatalog catalog = folder.load(common);
      if (common.json()) {
        ObjectNode document = CommonOptions.JSON.createObjectNode();
        ArrayNode contracts = document.putArray("contracts");
        catalog.contracts().forEach(contract -> contracts.add(json(contract, catalog)));
        common.print(document);
      } else {
        catalog.contracts().forEach(contract -> print(contract, catalog));
      }
      return ExitCode.DONE.code();
    }

    private static ObjectNode json(Contract contract, SchemaCatalog catalog) {
      ObjectNode node = CommonOptions.JSON.createObjectNode();
      node.put("entity", contract.entity()).put("version", contract.version());
      node.put("period", period(contract)).put("zone", contract.zone().getId());
      node.put("event_time", contract.eventTime().name());
      ArrayNode key = node.putArray("key");
      contract.key().forEach(field -> key.add(field.name()));
      ArrayNode fields = node.putArray("fields");
      for (Field field : contract.fields()) {
        fields
            .addObject()
            .put("id", field.id())
            .put("name", field.name())
            .put("type", field.type().toString())
            .put("required", field.required())
            .put("personal", field.isPersonal());
      }
      ArrayNode bindings = node.putArray("bindings");
      catalog.bindingsOf(contract.entity()).forEach(binding -> bindings.add(binding.name()));
      return node;
    }

    private void print(Contract contract, SchemaCatalog catalog) {
      common.print(
          String.format(
              "%s v%d: key %s, by %s of %s (%s), from %s",
              contract.entity(),
              contract.version(),
              contract.key().stream().map(Field::name).collect(Collectors.joining("+")),
              period(contract),
              contract.eventTime().name(),
              contract.zone(),
              catalog.bindingsOf(contract.entity()).stream()
                  .map(Binding::name)
                  .collect(Collectors.joining(", "))));
      for (Field field : contract.fields()) {
        common.print(
            String.format(
                "  %-24s %-16s%s%s",
                field.name(),
                field.type() + (field.required() ? "" : "?"),
                field.isPersonal() ? " personal " : "",
                field
                    .masking()
                    .map(masking -> masking.kind().name())
                    .orElse("")
                    .toLowerCase(Locale.ROOT)));
      }
    }

    private static String period(Contract contract) {
      return contract.period().name().toLowerCase(Locale.ROOT);
    }
  }

  /** Validates everything. */
  @Command(
      name = "check",
      description =
          "Validate contracts, bindings and fixtures against each other; exit code 1 if wrong.")
  static final class Check implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final Folder folder = new Folder();

    @Override
    public Integer call() {
      List<SchemaProblem> problems = problems(folder.path(common));
      if (common.json()) {
        ObjectNode document = CommonOptions.JSON.createObjectNode();
        document.put("ok", problems.isEmpty());
        document.set("problems", json(problems));
        common.print(document);
      } else if (problems.isEmpty()) {
        common.print("Contracts, bindings and fixtures in " + folder.path(common) + " are sound.");
      } else {
        problems.forEach(problem -> common.print(problem.toString()));
      }
      return (problems.isEmpty() ? ExitCode.DONE : ExitCode.DATA).code();
    }

    /** Everything that is wrong; fixtures are looked at once contracts and bindings are sound. */
    static List<SchemaProblem> problems(Path folder) {
      List<SchemaProblem> problems = SchemaCatalog.check(folder);
      return problems.isEmpty()
          ? BindingFixtures.check(folder, SchemaCatalog.load(folder))
          : problems;
    }

    static ArrayNode json(List<SchemaProblem> problems) {
      ArrayNode array = CommonOptions.JSON.createArrayNode();
      for (SchemaProblem problem : problems) {
        array
            .addObject()
            .put("file", problem.file())
            .put("line", problem.line())
            .put("message", problem.message());
      }
      return array;
    }
  }
}
