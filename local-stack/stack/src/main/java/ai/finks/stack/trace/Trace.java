package ai.finks.stack.trace;

import ai.finks.flink.table.LakeTables;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Walks from rows of a dataset to what they were made of: the build with its tests and pinned
 * snapshots, the rows of Silver, their coordinates in the stream, their raw records. Everything is
 * read off the tables, so it needs nothing but them, and the stream if it still has the records.
 */
public final class Trace {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_GOLD_ROWS = 3;
  private static final String VERSIONS = "_versions";

  private final Lake lake;
  private final SchemaCatalog schemas;
  private final RawSources raw;

  public Trace(Lake lake, SchemaCatalog schemas, RawSources raw) {
    this.lake = lake;
    this.schemas = schemas;
    this.raw = raw;
  }

  /**
   * Traces.
   *
   * @throws RowFilterException if the relation or the expression cannot be used
   */
  public ObjectNode run(TraceRequest request) {
    long started = System.nanoTime();
    ObjectNode document = JSON.createObjectNode();
    document.put("relation", request.relation());
    try (RawLookup lookup = lookup()) {
      if (request.relation().startsWith("gold.")) {
        gold(request, lookup, document);
      } else if (request.relation().startsWith("silver.")) {
        silver(request, lookup, document);
      } else {
        throw new RowFilterException(
            request.relation() + " cannot be traced; write gold.<dataset> or silver.<entity>");
      }
      lookup
          .streamProblem()
          .ifPresent(problem -> document.put("stream", "unreachable: " + problem));
    }
    document.put("seconds", Math.round((System.nanoTime() - started) / 1e6) / 1e3);
    return document;
  }

  private RawLookup lookup() {
    Set<String> topics =
        schemas.bindings().stream().map(Binding::topic).collect(Collectors.toSet());
    return new RawLookup(raw, lake.load(LakeTables.BRONZE_FILES), topics);
  }

  private void gold(TraceRequest request, RawLookup lookup, ObjectNode document) {
    Table dataset = load(request.relation());
    GoldSnapshot build =
        GoldSnapshot.newest(dataset)
            .orElseThrow(
                () -> new RowFilterException(request.relation() + " was not published yet"));
    SnapshotRows rows = new SnapshotRows(dataset, build.snapshot().snapshotId());
    Expression where =
        RowFilter.parse(
            request.where(),
            dataset.schema(),
            dayAlias(dataset, build.said("day")),
            RowFilter.OtherRows.NONE);
    List<Record> hits = rows.first(where, MOST_GOLD_ROWS + 1);
    GoldSection.putBuild(document, build);
    putPins(document.putArray("pins"), build);
    ArrayNode found = document.putArray("rows");
    for (Record hit : hits.subList(0, Math.min(MOST_GOLD_ROWS, hits.size()))) {
      ObjectNode node = found.addObject();
      RowJson.putBusiness(node.putObject("row"), hit);
      new Walk(request, lookup, build).behind(hit, node.putArray("behind"));
    }
    document.put("more_rows", hits.size() > MOST_GOLD_ROWS);
  }

  private void putPins(ArrayNode pins, GoldSnapshot build) {
    build
        .pins()
        .forEach(
            (name, snapshotId) -> {
              Table table = load(name);
              Snapshot snapshot = table.snapshot(snapshotId);
              ObjectNode pin = pins.addObject().put("table", name).put("snapshot", snapshotId);
              pin.put("kept", snapshot != null);
              if (snapshot != null) {
                GoldSection.putPin(pin, table, snapshot);
              }
            });
  }

  /** From one row of a dataset to the rows behind it. */
  private final class Walk {
    private final TraceRequest request;
    private final RawLookup lookup;
    private final GoldSnapshot build;
    private final Map<String, List<Record>> known = new HashMap<>();
    private @Nullable String tooMany;

    Walk(TraceRequest request, RawLookup lookup, GoldSnapshot build) {
      this.request = request;
      this.lookup = lookup;
      this.build = build;
    }

    void behind(Record gold, ArrayNode sections) {
      known.put("gold", List.of(gold));
      for (Behind step : build.behind()) {
        ObjectNode section =
            sections.addObject().put("table", "silver." + step.entity()).put("why", step.why());
        known.put(step.entity(), step(step, section));
      }
    }

    private List<Record> step(Behind step, ObjectNode section) {
      Contract contract = contract(step.entity());
      Table table = load(LakeTables.silver(step.entity()).toString());
      Long pinned = build.pins().get(LakeTables.silver(step.entity()).toString());
      if (pinned == null) {
        section.put("problem", "the table was empty then");
        return List.of();
      }
      if (table.snapshot(pinned) == null) {
        section.put(
            "problem", "snapshot " + pinned + " has been expired; build Gold again to trace it");
        return List.of();
      }
      section.put("snapshot", pinned);
      if (tooMany != null) {
        section.put("problem", "it rests on rows of " + tooMany + ", which were too many");
        return List.of();
      }
      try {
        List<Record> rows =
            new SilverRows(contract, new SnapshotRows(table, pinned))
                .behind(step, column -> values(known, column));
        List<Record> shown = rows.subList(0, Math.min(request.limit(), rows.size()));
        section(
            request, lookup, contract, new SilverSearch.Found(RowSummary.of(rows), shown), section);
        return rows;
      } catch (SilverRows.TooManyRowsException e) {
        section.put("problem", e.getMessage());
        tooMany = step.entity();
        return List.of();
      }
    }
  }

  private static @Nullable Collection<?> values(Map<String, List<Record>> known, String name) {
    int dot = name.indexOf('.');
    List<Record> rows = known.get(name.substring(0, dot));
    String column = name.substring(dot + 1);
    if (rows == null) {
      return null;
    }
    Set<Object> values = new LinkedHashSet<>();
    for (Record row : rows) {
      if (row.struct().field(column) == null) {
        return null;
      }
      Object value = row.getField(column);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private void silver(TraceRequest request, RawLookup lookup, ObjectNode document) {
    String entity = request.relation().substring("silver.".length());
    boolean everyVersion = entity.endsWith(VERSIONS);
    Contract contract =
        contract(everyVersion ? entity.substring(0, entity.length() - VERSIONS.length()) : entity);
    Table table = load(LakeTables.silver(contract.entity()).toString());
    Expression where =
        RowFilter.parse(
            request.where(),
            table.schema(),
            dayAlias(table, contract.eventTime().name()),
            RowFilter.OtherRows.NONE);
    Snapshot snapshot = table.currentSnapshot();
    ObjectNode section = document.putObject("silver").put("table", request.relation());
    SilverSearch.Found found = new SilverSearch.Found(new RowSummary(), List.of());
    if (snapshot != null) {
      section.put("snapshot", snapshot.snapshotId());
      SilverSearch search =
          new SilverSearch(contract, new SnapshotRows(table, snapshot.snapshotId()));
      found =
          everyVersion
              ? search.versions(where, request.limit())
              : search.newest(where, request.limit());
    }
    section(request, lookup, contract, found, section);
  }

  private static void section(
      TraceRequest request,
      RawLookup lookup,
      Contract contract,
      SilverSearch.Found found,
      ObjectNode section) {
    SilverSection silver = new SilverSection(contract, request.reveal());
    List<Record> shown = found.shown();
    found.summary().put(section, shown.size());
    Map<Coordinate, RawFinding> findings =
        lookup.find(shown.stream().map(Coordinate::of).collect(Collectors.toSet()));
    ArrayNode list = section.putArray("rows");
    for (Record row : shown) {
      silver.putRow(list, row, findings.get(Coordinate.of(row)));
    }
  }

  /** {@code day} for the column that says it, where no column is called so. */
  private static Map<String, String> dayAlias(Table table, @Nullable String column) {
    if (column == null || table.schema().findField("day") != null) {
      return Map.of();
    }
    NestedField field = table.schema().findField(column);
    return field != null && field.type().typeId() == Type.TypeID.DATE
        ? Map.of("day", column)
        : Map.of();
  }

  private Contract contract(String entity) {
    return schemas
        .contract(entity)
        .orElseThrow(
            () ->
                new RowFilterException(
                    "there is no entity "
                        + entity
                        + "; there are: "
                        + schemas.contracts().stream().map(Contract::entity).toList()));
  }

  private Table load(String name) {
    try {
      return lake.load(TableIdentifier.parse(name));
    } catch (NoSuchTableException e) {
      throw new RowFilterException("there is no " + name + "; ./finks tables lists what there is");
    }
  }
}
