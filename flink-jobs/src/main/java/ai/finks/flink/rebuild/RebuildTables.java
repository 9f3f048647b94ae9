package ai.finks.flink.rebuild;

import ai.finks.flink.silver.io.PipelineTable;
import ai.finks.flink.table.LakeCatalog;
import ai.finks.flink.table.StagedTables;
import ai.finks.flink.table.TableReplacement;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The staged tables of one entity's rebuild: {@code
 * staging.rebuild_<entity>_quarantine|marks|accounting|silver}. They know which rebuild they belong
 * to and by which contract and bindings.
 */
final class RebuildTables {
  private static final String FINGERPRINT = "finks.contract-fingerprint";

  private final LakeCatalog catalog;
  private final String entity;
  private final String fingerprint;

  /**
   * @param fingerprint of the contract and bindings that the rebuild goes by
   */
  RebuildTables(LakeCatalog catalog, String entity, String fingerprint) {
    this.catalog = catalog;
    this.entity = entity;
    this.fingerprint = fingerprint;
  }

  EnumMap<PipelineTable, TableIdentifier> identifiers() {
    EnumMap<PipelineTable, TableIdentifier> identifiers = new EnumMap<>(PipelineTable.class);
    for (PipelineTable role : PipelineTable.values()) {
      identifiers.put(role, identifier(role));
    }
    return identifiers;
  }

  private TableIdentifier identifier(PipelineTable role) {
    return StagedTables.identifier(
        "rebuild_" + entity + "_" + role.name().toLowerCase(Locale.ROOT));
  }

  EnumMap<PipelineTable, Table> load() {
    EnumMap<PipelineTable, Table> tables = new EnumMap<>(PipelineTable.class);
    identifiers().forEach((role, identifier) -> tables.put(role, catalog.load(identifier)));
    return tables;
  }

  /**
   * Makes the tables, or keeps those of a rebuild that was interrupted, unless it has put them in
   * place already or goes by another contract. Nor are they kept if one was put in place and that
   * table has moved on: files that both refer to may be gone by now.
   *
   * @param freshId the rebuild's id if it begins now
   */
  void prepare(String freshId) {
    if (isStale()) {
      drop();
    }
    for (PipelineTable role : PipelineTable.values()) {
      StagedTables.create(
          catalog,
          catalog.load(role.identifier(entity)),
          identifier(role),
          Map.of(TableReplacement.REBUILD_ID, freshId, FINGERPRINT, fingerprint));
    }
    // A crash between two of them must not leave them with two ids.
    String id = rebuildId();
    load()
        .forEach(
            (role, table) -> {
              if (!id.equals(table.properties().get(TableReplacement.REBUILD_ID))) {
                table.updateProperties().set(TableReplacement.REBUILD_ID, id).commit();
              }
            });
  }

  private boolean isStale() {
    boolean published = true;
    for (PipelineTable role : PipelineTable.values()) {
      if (!catalog.isReadable(identifier(role))) {
        if (catalog.exists(identifier(role))) {
          return true;
        }
        published = false;
        continue;
      }
      Table staged = catalog.load(identifier(role));
      Table target = catalog.load(role.identifier(entity));
      if (!fingerprint.equals(staged.properties().get(FINGERPRINT))
          || !staged.schema().sameSchema(target.schema())) {
        return true;
      }
      String id = staged.properties().getOrDefault(TableReplacement.REBUILD_ID, "");
      boolean taken = TableReplacement.isThere(target, id);
      if (taken && !role.isShared() && !TableReplacement.isNewest(target, id)) {
        return true;
      }
      published &= taken;
    }
    return published;
  }

  String rebuildId() {
    return catalog
        .load(identifier(PipelineTable.SILVER))
        .properties()
        .getOrDefault(TableReplacement.REBUILD_ID, "");
  }

  /** Removes the tables but not their data files, which may be in place. */
  void drop() {
    for (PipelineTable role : PipelineTable.values()) {
      TableIdentifier identifier = identifier(role);
      if (catalog.isReadable(identifier)) {
        StagedTables.dropTaken(catalog, identifier);
      } else if (catalog.exists(identifier)) {
        catalog.forget(identifier);
      }
    }
  }
}
