package ai.finks.flink.silver.core;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows what Silver would make of a payload, without running anything. Not thread-safe. */
public final class PayloadTrial {

  private final Binding binding;
  private final SilverPlan plan;
  private final Refined refined;

  private PayloadTrial(Binding binding, SilverPlan plan) {
    this.binding = binding;
    this.plan = plan;
    this.refined = plan.newRefined();
  }

  /**
   * A trial of a binding. Its tokens are made with keys that everybody knows, so they are of the
   * right shape but not those of any table.
   *
   * @param bindingName {@code source.entity}
   * @throws IllegalArgumentException when there is no such binding
   */
  public static PayloadTrial of(SchemaCatalog catalog, String bindingName) {
    Binding binding =
        catalog
            .binding(bindingName)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no binding '" + bindingName + "' among " + catalog.bindings()));
    Contract contract = catalog.contract(binding.entity()).orElseThrow();
    return new PayloadTrial(
        binding, SilverPlan.compile(contract, List.of(binding), knownKeys(contract)));
  }

  private static PiiKeys knownKeys(Contract contract) {
    Map<String, byte[]> keys = new HashMap<>();
    for (String name : PiiKeys.namesFor(contract)) {
      byte[] key = new byte[PiiKeys.MIN_KEY_BYTES];
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, key, 0, Math.min(bytes.length, key.length));
      keys.put(name, key);
    }
    return PiiKeys.of(keys);
  }

  /**
   * Tries one payload.
   *
   * @param attributes what would come beside it; for CSV at least {@code header}
   */
  public Outcome run(byte[] payload, Map<String, String> attributes) {
    RawRecord record =
        RawRecord.builder()
            .source(binding.source())
            .entity(binding.entity())
            .runId("trial")
            .batchId("trial")
            .contentType("application/octet-stream")
            .payload(payload)
            .attributes(attributes)
            .build();
    plan.refine(record, refined);
    return new Outcome(refined, plan.columns(), plan.contract());
  }

  /** What became of one payload. */
  public static final class Outcome {
    private final @Nullable Map<String, String> row;
    private final List<Refusal> refusals;
    private final List<String> unknownFields;
    private final @Nullable String warnings;
    private final @Nullable String period;

    private Outcome(Refined refined, List<Column> columns, Contract contract) {
      this.refusals = List.copyOf(refined.refusals());
      this.unknownFields = List.copyOf(refined.unknownFields());
      if (refined.rows().isEmpty()) {
        this.row = null;
        this.warnings = null;
        this.period = null;
        return;
      }
      SilverRow first = refined.rows().get(0);
      this.row = new LinkedHashMap<>();
      for (Column column : columns) {
        if (!first.isNull(column.index())) {
          row.put(column.name(), ColumnText.of(column, first));
        }
      }
      this.warnings = first.warnings();
      List<String> levels = List.of(first.year(), first.month(), first.day());
      this.period = String.join("-", levels.subList(0, contract.period().levels()));
    }

    /** The row's values after masking, as text by column, without nulls; empty when refused. */
    public Optional<Map<String, String>> row() {
      return Optional.ofNullable(row);
    }

    public List<Refusal> refusals() {
      return refusals;
    }

    /** The payload's fields that the binding does not know. */
    public List<String> unknownFields() {
      return unknownFields;
    }

    /** The names of the checks that warn, joined by commas. */
    public Optional<String> warnings() {
      return Optional.ofNullable(warnings);
    }

    /** The table's partition that the row would lie in, for example {@code 2024-03}. */
    public Optional<String> period() {
      return Optional.ofNullable(period);
    }
  }
}
