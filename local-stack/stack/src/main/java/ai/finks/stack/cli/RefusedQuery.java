package ai.finks.stack.cli;

import ai.finks.schemas.contract.Contract;
import ai.finks.stack.home.FinksHome;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The quarantine tables as one relation, and what became of their records. Columns that are hidden
 * without {@code --reveal} are null then.
 */
final class RefusedQuery {
  /** A record's coordinate, as {@code list} prints it. */
  static final String COORDINATE =
      "_topic || ':' || _partition || ':' || _offset || ':' || _element";

  private RefusedQuery() {}

  /** The entity itself if there is a contract of it. */
  static String requireEntity(FinksHome home, String entity) {
    List<String> entities = entities(home);
    if (!entities.contains(entity)) {
      throw CommandFailure.usage("There is no entity " + entity + "; there are: " + entities);
    }
    return entity;
  }

  static List<String> entities(FinksHome home) {
    return Bindings.catalog(home).contracts().stream().map(Contract::entity).toList();
  }

  /** The refused records of one entity or of all, with column {@code redriven}. */
  static String relation(FinksHome home, @Nullable String entity) {
    List<String> entities = entity == null ? entities(home) : List.of(requireEntity(home, entity));
    String tables =
        entities.stream()
            .map(name -> "select " + Sql.text(name) + " as entity, * from quarantine." + name)
            .collect(Collectors.joining(" union all by name "));
    return "(select refused.*, settled.outcome as redriven from ("
        + tables
        + " union all by name select null::blob as payload, null::varchar as key,"
        + " null::map(varchar, varchar) as attributes where false) refused left join (select"
        + " entity, _topic, _stream_id, _partition, _offset, max_by(outcome, recorded_at) as"
        + " outcome from accounting.redrives where event = 'settled' group by all) settled on"
        + " settled.entity = refused.entity and settled._topic = refused._topic and"
        + " settled._stream_id = refused._stream_id and settled._partition = refused._partition"
        + " and settled._offset = refused._offset)";
  }

  /** Runs a query; a payload that it shows is recorded before it is shown. */
  static JsonNode rows(CommonOptions common, String sql, boolean reveal)
      throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("query", "--format", "json"));
    if (reveal) {
      arguments.add("--reveal");
    }
    arguments.addAll(List.of("--home", common.home().toString(), "--", sql));
    PythonLake.Outcome outcome = PythonLake.capture(arguments, false);
    if (outcome.exitCode() != 0) {
      throw CommandFailure.of(
          outcome.exitCode(), "The quarantine could not be read; the reason stands above");
    }
    try {
      return CommonOptions.JSON.readTree(outcome.output()).path("rows");
    } catch (IOException e) {
      throw CommandFailure.platform("Python's answer is unreadable: " + e.getMessage(), e);
    }
  }
}
