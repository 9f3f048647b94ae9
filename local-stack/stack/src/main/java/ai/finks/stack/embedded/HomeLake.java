package ai.finks.stack.embedded;

import ai.finks.broker.BrokerTopics;
import ai.finks.flink.bronze.io.LedgerRecovery;
import ai.finks.flink.silver.keys.KeyDirectory;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A home's topics, keys and tables, made what contracts ask for. */
public final class HomeLake implements LakeContracts {
  private static final Logger LOG = LoggerFactory.getLogger(HomeLake.class);
  private static final long TIMEOUT_SECONDS = 30;

  private final FinksHome home;
  private final String bootstrapServers;

  HomeLake(FinksHome home, String bootstrapServers) {
    this.home = home;
    this.bootstrapServers = bootstrapServers;
  }

  /** Creates catalog, keys and tables, and gives tables of before what contracts have now. */
  public static void prepare(FinksHome home, SchemaCatalog contracts) {
    LakeCatalog.initialise(settings(home));
    try (LakeCatalog catalog = LakeCatalog.open(settings(home))) {
      requireLedger(home, catalog);
      createMissing(home, catalog, contracts);
      for (Contract contract : contracts.contracts()) {
        LakeTables.evolve(catalog, contract);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An empty ledger over objects that are there would make Bronze forget them. */
  private static void requireLedger(FinksHome home, LakeCatalog catalog) throws IOException {
    if (catalog.exists(LakeTables.BRONZE_FILES)) {
      return;
    }
    try (Lake lake = Lake.open(home)) {
      LedgerRecovery recovery =
          new LedgerRecovery(lake.catalog(), Lake.root(home), AcceptedGaps.none(), LOG::info);
      if (!recovery.registerNewest() && recovery.hasObjects()) {
        throw new IllegalStateException(
            "Bronze holds objects, but its ledger is gone; first bring it back: ./finks rebuild"
                + " --all (docs/runbooks/disaster-recovery.md)");
      }
    }
  }

  void createTopics(SchemaCatalog contracts) {
    BrokerTopics.create(bootstrapServers, StackTopics.of(contracts, existingPartitions()));
  }

  private Map<String, Integer> existingPartitions() {
    Map<String, Integer> partitions = new TreeMap<>();
    try (Admin admin = BrokerTopics.admin(bootstrapServers)) {
      Set<String> names = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      admin
          .describeTopics(names)
          .allTopicNames()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .forEach((name, topic) -> partitions.put(name, topic.partitions().size()));
    } catch (Exception e) {
      throw new IllegalStateException("The broker does not tell its topics: " + e.getMessage(), e);
    }
    return partitions;
  }

  @Override
  public void createMissing(SchemaCatalog contracts) throws IOException {
    createTopics(contracts);
    try (LakeCatalog catalog = LakeCatalog.open(settings(home))) {
      createMissing(home, catalog, contracts);
    }
  }

  @Override
  public boolean holdsRows(String entity) throws IOException {
    try (LakeCatalog catalog = LakeCatalog.open(settings(home))) {
      return LakeTables.holdsRows(catalog, LakeTables.silver(entity))
          || LakeTables.holdsRows(catalog, LakeTables.quarantine(entity));
    }
  }

  @Override
  public void evolve(SchemaCatalog contracts, Collection<String> entities) throws IOException {
    try (LakeCatalog catalog = LakeCatalog.open(settings(home))) {
      for (String entity : entities) {
        LakeTables.evolve(catalog, contracts.contract(entity).orElseThrow());
      }
    }
  }

  private static void createMissing(FinksHome home, LakeCatalog catalog, SchemaCatalog contracts) {
    KeyDirectory.createMissing(
        home.keys(), contracts.contracts(), entity -> LakeTables.isWritten(catalog, entity));
    LakeTables.createMissing(catalog, Lake.root(home), contracts.contracts());
  }

  private static CatalogConfig settings(FinksHome home) {
    return CatalogConfig.of(Lake.catalogSettings(home), Lake.root(home));
  }
}
