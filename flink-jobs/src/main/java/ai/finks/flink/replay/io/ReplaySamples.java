package ai.finks.flink.replay.io;

import ai.finks.flink.replay.core.PeriodAudit;
import ai.finks.flink.replay.core.RowIdentity;
import ai.finks.flink.replay.core.RowSample;
import ai.finks.flink.table.TablePeriod;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Some of the rows that a replay changes, without their values. */
final class ReplaySamples {
  private static final List<String> ORIGIN =
      List.of("_version", "_batch_id", "_sequence", "_warnings");

  /** Of so many rows that go, samples are chosen. */
  private static final int LOOKED_AT = 200;

  private final Contract contract;
  private final PeriodRows mainRows;
  private final PeriodRows stagedRows;

  ReplaySamples(Contract contract, PeriodRows mainRows, PeriodRows stagedRows) {
    this.contract = contract;
    this.mainRows = mainRows;
    this.stagedRows = stagedRows;
  }

  /**
   * At most so many rows that are given, and as many that go without another one in their place.
   */
  List<RowSample> of(PeriodAudit audit, int most) {
    Set<RowIdentity> given = first(audit.changes().missing(), most);
    Set<RowIdentity> gone = new TreeSet<>();
    int removed = 0;
    for (RowIdentity row : first(audit.changes().surplus(), LOOKED_AT)) {
      boolean restated = hasKey(given, row);
      if (restated || (removed < most && !hasKey(audit.changes().missing(), row))) {
        gone.add(row);
        removed += restated ? 0 : 1;
      }
    }
    Map<RowIdentity, Map<String, @Nullable String>> before = rows(mainRows, audit, gone);
    List<RowSample> samples = new ArrayList<>();
    rows(stagedRows, audit, given)
        .forEach((identity, row) -> samples.add(given(audit, identity, row, before)));
    before.forEach(
        (identity, row) -> {
          if (!hasKey(given, identity)) {
            samples.add(sample("removed", audit, row, List.of()));
          }
        });
    return samples;
  }

  private RowSample given(
      PeriodAudit audit,
      RowIdentity identity,
      Map<String, @Nullable String> row,
      Map<RowIdentity, Map<String, @Nullable String>> before) {
    // Of several versions of the key the one that is most alike.
    Optional<List<String>> differing =
        before.entrySet().stream()
            .filter(entry -> entry.getKey().hasKeyOf(identity))
            .map(entry -> differing(entry.getValue(), row))
            .min(Comparator.comparingInt(List::size));
    return differing.isPresent()
        ? sample("restated", audit, row, differing.get())
        : sample("added", audit, row, List.of());
  }

  private static Set<RowIdentity> first(Collection<RowIdentity> rows, int most) {
    return rows.stream().sorted().limit(most).collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean hasKey(Collection<RowIdentity> rows, RowIdentity wanted) {
    return rows.stream().anyMatch(wanted::hasKeyOf);
  }

  private static Map<RowIdentity, Map<String, @Nullable String>> rows(
      PeriodRows rows, PeriodAudit audit, Set<RowIdentity> wanted) {
    Map<RowIdentity, Map<String, @Nullable String>> found = new TreeMap<>();
    if (!wanted.isEmpty()) {
      RowTexts texts = new RowTexts(rows.schema());
      rows.read(
          TablePeriod.parse(audit.period()),
          (row, identity, inScope) -> {
            if (inScope && wanted.contains(identity)) {
              found.put(identity, texts.of(row));
            }
          });
    }
    return found;
  }

  private List<String> differing(
      Map<String, @Nullable String> before, Map<String, @Nullable String> after) {
    List<String> columns = new ArrayList<>();
    contract.fields().stream().filter(Field::isStored).map(Field::name).forEach(columns::add);
    columns.addAll(ORIGIN);
    columns.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
    return columns;
  }

  private RowSample sample(
      String change, PeriodAudit audit, Map<String, @Nullable String> row, List<String> fields) {
    Map<String, String> key = new TreeMap<>();
    for (Field field : contract.key()) {
      key.put(field.name(), field.isPersonal() ? "…" : String.valueOf(row.get(field.name())));
    }
    String coordinate =
        Stream.of("_topic", "_partition", "_offset", "_element")
            .map(row::get)
            .collect(Collectors.joining(":"));
    return new RowSample(
        change, audit.period(), String.valueOf(row.get("_source")), key, coordinate, fields);
  }
}
