package ai.finks.flink.silver.core;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.raw.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
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
   * @param ingestTimeMicros when it would come, in microseconds since 1970
   */
  public Outcome run(byte[] payload, Map<String, String> attributes, long ingestTimeMicros) {
    RawRecord record =
        RawRecord.builder()
            .source(binding.source())
            .entity(binding.entity())
            .runId("trial")
            .batchId("trial")
            .ingestTimeMicros(ingestTimeMicros)
            .contentType("application/octet-stream")
            .payload(payload)
            .attributes(attributes)
            .build();
    plan.refine(record, refined);
    return new Outcome(refined, elements());
  }

  private List<Element> elements() {
    List<Element> elements = new ArrayList<>();
    for (SilverRow row : refined.rows()) {
      elements.add(new Element(row, plan.columns(), plan.contract()));
    }
    refined.refused().forEach(refused -> elements.add(new Element(refused)));
    elements.sort(Comparator.comparingInt(Element::element));
    return elements;
  }

  /** Whether records of the binding are exploded into their elements. */
  public boolean explodes() {
    return binding.explode().isPresent();
  }

  /** What became of one payload. */
  public static final class Outcome {
    private final List<Element> elements;
    private final int filtered;
    private final List<String> unknownFields;

    private Outcome(Refined refined, List<Element> elements) {
      this.elements = List.copyOf(elements);
      this.filtered = refined.filtered();
      this.unknownFields = List.copyOf(refined.unknownFields());
    }

    /**
     * The row or the refused record; of one that is exploded, each element that is not left out.
     */
    public List<Element> elements() {
      return elements;
    }

    /** How many rows there would be. */
    public int rows() {
      return (int) elements.stream().filter(element -> element.row().isPresent()).count();
    }

    /** How many records, or elements of this one, would go to quarantine. */
    public int refused() {
      return elements.size() - rows();
    }

    /** 1 when the binding leaves the record out; of one that is exploded, for each element. */
    public int filtered() {
      return filtered;
    }

    /** Every reason of everything that is refused. */
    public List<Refusal> refusals() {
      List<Refusal> all = new ArrayList<>();
      elements.forEach(element -> all.addAll(element.refusals()));
      return all;
    }

    /** The payload's fields that the binding does not know. */
    public List<String> unknownFields() {
      return unknownFields;
    }
  }

  /** A row, or what is refused in its place. */
  public static final class Element {
    private final int element;
    private final @Nullable Map<String, String> row;
    private final List<Refusal> refusals;
    private final @Nullable String warnings;
    private final @Nullable String period;

    private Element(SilverRow from, List<Column> columns, Contract contract) {
      this.element = from.element();
      this.refusals = List.of();
      this.row = new LinkedHashMap<>();
      for (Column column : columns) {
        if (!from.isNull(column.index())) {
          row.put(column.name(), ColumnText.of(column, from));
        }
      }
      this.warnings = from.warnings();
      List<String> levels = List.of(from.year(), from.month(), from.day());
      this.period = String.join("-", levels.subList(0, contract.period().levels()));
    }

    private Element(RefusedElement refused) {
      this.element = refused.element();
      this.refusals = List.copyOf(refused.reasons());
      this.row = null;
      this.warnings = null;
      this.period = null;
    }

    /** The position in the exploded array; 0 when the record is not exploded. */
    public int element() {
      return element;
    }

    /** The row's values after masking, as text by column, without nulls; empty when refused. */
    public Optional<Map<String, String>> row() {
      return Optional.ofNullable(row);
    }

    /** Why there is no row. */
    public List<Refusal> refusals() {
      return refusals;
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
