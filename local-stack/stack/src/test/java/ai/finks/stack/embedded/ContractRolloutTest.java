package ai.finks.stack.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.contracts.ContractRegistry;
import ai.finks.stack.home.FinksHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a running stack when a step of taking contracts in fails. */
class ContractRolloutTest {
  @TempDir Path folder;
  private Path schemas;
  private AppliedContracts applied;
  private final Platform platform = new Platform();

  @BeforeEach
  void runWithFirstVersion() throws IOException {
    schemas = folder.resolve("schemas");
    Files.createDirectories(schemas.resolve("avro"));
    Files.createDirectories(schemas.resolve("sources"));
    write(1, "");
    applied = AppliedContracts.of(FinksHome.at(folder.resolve("home")));
    applied.activate(applied.stage(schemas));
    write(
        2,
        ", {\"name\": \"note\", \"finks.id\": 3, \"doc\": \"N.\", \"default\": null,"
            + " \"type\": [\"null\", \"string\"]}");
  }

  @Test
  void changeStopsEvolvesActivatesStartsAndRegistersInThisOrder() throws Exception {
    ContractRollout.Outcome outcome = apply();

    assertThat(platform.done)
        .containsExactly(
            "create", "stop silver", "evolve v2", "start 000002 [silver]", "register v2");
    assertThat(outcome.restarted()).containsExactly("silver");
    assertThat(applied.version()).contains("000002");
  }

  @Test
  void jobThatCannotBeStoppedGoesOnWithWhatItHad() {
    platform.fails = "stop silver";

    assertThatThrownBy(this::apply)
        .isInstanceOf(ContractRollout.FailedException.class)
        .hasMessageContaining("stop silver failed")
        .hasMessageContaining("contracts of before");
    assertThat(platform.done).doesNotContain("evolve v2").doesNotContain("start 000001 [silver]");
    assertThat(applied.version()).contains("000001");
  }

  @Test
  void failureAfterTheStopTakesTablesAndContractsBackAndStartsTheOldJob() {
    for (String step : List.of("evolve v2", "start 000002 [silver]")) {
      platform.done.clear();
      platform.fails = step;

      assertThatThrownBy(this::apply)
          .isInstanceOf(ContractRollout.FailedException.class)
          .hasMessageContaining(step + " failed")
          .hasMessageContaining("The jobs run with the contracts of before")
          .hasMessageContaining("apply again");
      assertThat(platform.done)
          .endsWith("cancel [silver]", "evolve v1", "start 000001 [silver]")
          .doesNotContain("register v2");
      assertThat(applied.version()).contains("000001");
    }
  }

  @Test
  void failureBeforeTheStopDisturbsNoJob() {
    platform.fails = "create";

    assertThatThrownBy(this::apply)
        .isInstanceOf(ContractRollout.FailedException.class)
        .hasMessageContaining("What ran goes on as before");
    assertThat(platform.done).isEmpty();
  }

  @Test
  void refusalOfTheRegistryIsARefusalWithFileAndLine() {
    platform.objection = "READER_FIELD_MISSING_DEFAULT_VALUE";

    assertThatThrownBy(this::apply)
        .isInstanceOfSatisfying(
            ContractRollout.RefusedException.class,
            refused ->
                assertThat(refused.problems())
                    .singleElement()
                    .asString()
                    .contains("trades.avsc:", "READER_FIELD_MISSING_DEFAULT_VALUE"));
    assertThat(platform.done).isEmpty();
  }

  @Test
  void bindingThatIsGoneIsRemovedOnlyWhenItIsNamedAndTheJobsThenStartFromTheTables()
      throws Exception {
    write(1, "");
    writeOrders();
    Files.delete(schemas.resolve("sources/desk.trades.yaml"));
    assertThatThrownBy(this::apply)
        .isInstanceOf(ContractRollout.RefusedException.class)
        .hasMessageContaining("--remove desk.trades");
    assertThat(platform.done).isEmpty();

    ContractRollout.Outcome outcome = apply(Set.of("desk.trades"));

    assertThat(outcome.change().removedBindings()).containsExactly("desk.trades");
    assertThat(outcome.restarted()).containsExactly("silver", "bronze");
    assertThat(platform.done)
        .containsExactly(
            "create",
            "stop silver",
            "stop bronze",
            "evolve v1",
            "start 000002 silver=, bronze=",
            "register v1",
            "register v1");
  }

  @Test
  void lastBindingOfAllIsNotRemovedForNoJobCouldRun() throws Exception {
    Files.delete(schemas.resolve("sources/desk.trades.yaml"));

    assertThatThrownBy(() -> apply(Set.of("desk.trades")))
        .isInstanceOfSatisfying(
            ContractRollout.RefusedException.class,
            refused ->
                assertThat(refused.problems())
                    .singleElement()
                    .asString()
                    .contains("desk.trades.yaml", "is the last one"));
    assertThat(platform.done).isEmpty();
  }

  @Test
  void contractIsRemovedOnlyWhileItsTablesAreEmpty() throws Exception {
    writeOrders();
    Files.delete(schemas.resolve("sources/desk.trades.yaml"));
    Files.delete(schemas.resolve("avro/trades.avsc"));
    Set<String> both = Set.of("desk.trades", "trades");
    platform.holdsRows = true;
    assertThatThrownBy(() -> apply(both))
        .isInstanceOf(ContractRollout.RefusedException.class)
        .hasMessageContaining("hold rows");
    assertThat(platform.done).isEmpty();
    platform.holdsRows = false;

    assertThat(apply(both).change().removedEntities()).containsExactly("trades");
    assertThat(applied.load("000002").contracts())
        .extracting(Contract::entity)
        .containsExactly("orders");
  }

  private ContractRollout.Outcome apply() throws Exception {
    return apply(Set.of());
  }

  private ContractRollout.Outcome apply(Set<String> removable) throws Exception {
    return new ContractRollout(applied, platform, platform, platform)
        .apply(schemas, removable, step -> {});
  }

  private void write(int version, String moreFields) throws IOException {
    write("trades", version, moreFields);
  }

  /** A second entity, so that the first one's binding is not the last one. */
  private void writeOrders() throws IOException {
    write("orders", 1, "");
  }

  private void write(String entity, int version, String moreFields) throws IOException {
    Files.writeString(
        schemas.resolve("avro/" + entity + ".avsc"),
        "{\"type\": \"record\", \"name\": \"Trade\", \"doc\": \"Trades.\", \"finks\": {\"entity\":"
            + " \""
            + entity
            + "\", \"version\": "
            + version
            + ", \"key\": [\"id\"], \"event-time\": \"at\", \"zone\": \"UTC\", \"period\": \"day\","
            + " \"dedupe-window\": \"all\", \"drift\": \"evolve\", \"checks\": []}, \"fields\":"
            + " [{\"name\": \"id\", \"finks.id\": 1, \"type\": \"string\", \"doc\": \"Id.\"},"
            + " {\"name\": \"at\", \"finks.id\": 2, \"doc\": \"When.\", \"type\": {\"type\": \"long\","
            + " \"logicalType\": \"timestamp-micros\"}}"
            + moreFields
            + "]}");
    Files.writeString(
        schemas.resolve("sources/desk." + entity + ".yaml"),
        "source: desk\nentity: "
            + entity
            + "\nformat: json\nraw-key: /id\nfields:\n"
            + "  id: {pointer: /id}\n  at: {pointer: /at}\n");
  }

  /** Writes down what it is asked to do, and fails in one step, once. */
  private static final class Platform implements RunningJobs, LakeContracts, ContractRegistry {
    final List<String> done = new ArrayList<>();
    String fails = "";
    String objection = "";
    boolean holdsRows;

    private void step(String step) {
      if (step.equals(fails)) {
        fails = "";
        throw new IllegalStateException(step + " failed");
      }
      done.add(step);
    }

    private static String version(SchemaCatalog contracts) {
      return contracts.contract("trades").map(each -> "v" + each.version()).orElse("nothing");
    }

    @Override
    public String stop(String job) {
      step("stop " + job);
      return "savepoint-of-" + job;
    }

    @Override
    public void start(String job, Path schemasDir) {
      step("start " + schemasDir.getFileName() + " " + job + " from its tables");
    }

    @Override
    public void start(Path schemasDir, Map<String, String> savepoints) {
      boolean fromTables = savepoints.containsValue(FROM_TABLES);
      step(
          "start "
              + schemasDir.getFileName()
              + " "
              + (fromTables ? savepoints.toString().replaceAll("[{}]", "") : savepoints.keySet()));
    }

    @Override
    public void cancel(Set<String> jobs) {
      step("cancel " + jobs);
    }

    @Override
    public void createMissing(SchemaCatalog contracts) {
      step("create");
    }

    @Override
    public void evolve(SchemaCatalog contracts, Collection<String> entities) {
      step("evolve " + version(contracts));
    }

    @Override
    public boolean holdsRows(String entity) {
      return holdsRows;
    }

    @Override
    public Optional<String> objection(Contract contract) {
      return objection.isEmpty() ? Optional.empty() : Optional.of(objection);
    }

    @Override
    public void register(Contract contract) {
      step("register v" + contract.version());
    }
  }
}
