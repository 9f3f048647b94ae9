package ai.finks.flink.silver.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.Format;
import ai.finks.schemas.binding.Locator;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.payload.PayloadFlaw;
import ai.finks.schemas.payload.RecordReader;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import ai.finks.schemas.raw.RawRecordDecoder;
import ai.finks.schemas.raw.RawRecordEncoder;
import ai.finks.schemas.raw.RawRecords;
import ai.finks.schemas.registry.InMemoryRegistryClient;
import ai.finks.schemas.wire.ConfluentWireFormat;
import ai.finks.schemas.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Throws spoilt records at everything between the wire and the row. Nothing throws or stalls, what
 * goes in comes out or is accounted for, and no record leaves anything behind for the next.
 *
 * <p>{@code -Dfinks.fuzz.payloads=10000000} makes it long, {@code -Dfinks.fuzz.seed=…} another one.
 */
class PayloadFuzzTest {

  private static final int PAYLOADS = Integer.getInteger("finks.fuzz.payloads", 100_000);
  private static final long SEED = Long.getLong("finks.fuzz.seed", 20_240_229L);
  private static final long STALLED_NANOS = 5_000_000_000L;
  private static final Pattern SHAPE = Pattern.compile("[a-z_]+(\\([0-9]+\\))?");

  private final WireFormat wireFormat = new ConfluentWireFormat(new InMemoryRegistryClient());
  private final RawRecordEncoder encoder =
      new RawRecordEncoder(wireFormat.header("fuzz", RawRecords.SCHEMA_JSON));
  private final RawRecordDecoder decoder = new RawRecordDecoder(wireFormat);
  private final Map<String, SilverPlan> plans = new HashMap<>();
  private final Map<String, SilverPlan> restedPlans = new HashMap<>();
  private final Map<String, Refined> outs = new HashMap<>();
  private final Map<String, ScannerMatch> scanners = new HashMap<>();
  private final Set<RefusalReason> reasons = new TreeSet<>();
  private final SplittableRandom random = new SplittableRandom(SEED);
  private long rows;
  private long refused;
  private long filtered;

  @ParameterizedTest
  @ValueSource(strings = {"../schemas", "../schemas/src/test/resources/language"})
  void noPayloadStallsThrowsOrGetsLost(String folder) throws IOException {
    SchemaCatalog catalog = SchemaCatalog.load(Path.of(folder));
    compile(catalog);
    FuzzPayloads payloads = new FuzzPayloads(SEED, catalog, Path.of(folder));

    for (int i = 0; i < PAYLOADS / 2; i++) {
      RawRecord record = payloads.next();
      long start = System.nanoTime();
      try {
        one(record, i);
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        throw new AssertionError(describe(record, i), e);
      }
      if (System.nanoTime() - start > STALLED_NANOS) {
        throw new AssertionError("stalled: " + describe(record, i));
      }
    }

    // A fuzzer that only ever meets one of the ways proves nothing of the others.
    assertThat(rows).isGreaterThan(PAYLOADS / 40);
    assertThat(refused).isGreaterThan(PAYLOADS / 10);
    assertThat(reasons).contains(RefusalReason.PAYLOAD_MALFORMED, RefusalReason.PAYLOAD_NOT_UTF8);
    assertThat(reasons).contains(RefusalReason.TYPE_MISMATCH, RefusalReason.CHECK_FAILED);
    assertThat(reasons).contains(RefusalReason.PAYLOAD_TOO_DEEP, RefusalReason.PAYLOAD_AMBIGUOUS);
  }

  private void compile(SchemaCatalog catalog) {
    for (Contract contract : catalog.contracts()) {
      PiiKeys keys = SilverFixture.keys(contract);
      List<Binding> bindings = catalog.bindingsOf(contract.entity());
      SilverPlan plan = SilverPlan.compile(contract, bindings, keys);
      plans.put(contract.entity(), plan);
      restedPlans.put(contract.entity(), SilverPlan.compile(contract, bindings, keys));
      outs.put(contract.entity(), plan.newRefined());
      for (Binding binding : bindings) {
        if (binding.format() == Format.JSON && binding.explode().isEmpty()) {
          scanners.put(binding.name(), new ScannerMatch(binding));
        }
      }
    }
  }

  private void one(RawRecord sent, int index) {
    byte[] wire = encoder.encode(sent);
    if (index % 8 == 7) {
      wire[random.nextInt(wire.length)] = (byte) random.nextInt(256);
    }
    DecodedRecord decoded = decoder.decode(wire);
    RawRecord record = decoded.record();
    if (record == null) {
      require(decoded.problem() != null, "undecodable without a reason");
      return;
    }
    SilverPlan plan = plans.get(sent.entity());
    Refined out = outs.get(sent.entity());
    plan.refine(record, out);
    assertAccounted(plan, record, out);
    if (index % 16 == 0) {
      // A plan that has seen other records before comes to the same end.
      Refined rested = restedPlans.get(sent.entity()).newRefined();
      restedPlans.get(sent.entity()).refine(record, rested);
      require(describe(plan, out).equals(describe(plan, rested)), "depends on records before");
    }
    ScannerMatch scanner = scanners.get(sent.source() + "." + sent.entity());
    if (scanner != null) {
      scanner.check(record);
    }
  }

  private void assertAccounted(SilverPlan plan, RawRecord record, Refined out) {
    long outcomes = (long) out.rows().size() + out.refused().size() + out.filtered();
    boolean explodes = List.of("venue", "lists", "feed").contains(record.source());
    if (!explodes) {
      require(outcomes == 1, "a record that is not exploded becomes one thing");
    }
    Set<Integer> elements = new HashSet<>();
    for (SilverRow row : out.rows()) {
      require(elements.add(row.element()), "an element twice");
      for (Column column : plan.columns()) {
        if (column.required() && row.isNull(column.index())) {
          throw new AssertionError("null in " + column);
        }
      }
      require(row.year().length() == 4, "a year of other than four digits");
    }
    for (RefusedElement element : out.refused()) {
      require(elements.add(element.element()), "an element twice");
      require(!element.reasons().isEmpty(), "refused without a reason");
      for (Refusal reason : element.reasons()) {
        reasons.add(reason.code());
        require(
            reason.shape() == null || SHAPE.matcher(reason.shape()).matches(),
            "a shape that may show a value");
      }
    }
    rows += out.rows().size();
    refused += out.refused().size();
    filtered += out.filtered();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static List<String> describe(SilverPlan plan, Refined out) {
    List<String> all = new ArrayList<>();
    for (SilverRow row : out.rows()) {
      StringBuilder text = new StringBuilder().append(row.element()).append(row.warnings());
      text.append(row.keyHi()).append(row.hashHi()).append(row.year()).append(row.day());
      for (Column column : plan.columns()) {
        text.append('|').append(row.isNull(column.index()) ? "" : ColumnText.of(column, row));
      }
      all.add(text.toString());
    }
    out.refused().forEach(element -> all.add(element.toString()));
    all.add("filtered " + out.filtered() + " unknown " + out.unknownFields());
    return all;
  }

  private static String describe(RawRecord record, int index) {
    return String.format(
        "seed %d, record %d of %s.%s, attributes %s, payload in base64:%n%s",
        SEED,
        index,
        record.source(),
        record.entity(),
        record.attributes(),
        Base64.getEncoder().encodeToString(record.payload()));
  }

  /** The byte scanner and Jackson find the same, or both find the payload wrong. */
  private static final class ScannerMatch {
    private final RecordReader scanning;
    private final RecordReader jackson;
    private final int places;

    ScannerMatch(Binding binding) {
      List<Locator> pointers = new ArrayList<>();
      binding.fields().forEach(field -> add(field.locator(), pointers));
      this.scanning = RecordReader.of(Format.JSON, pointers, binding.ignored());
      this.jackson = RecordReader.withoutScanner(pointers, binding.ignored());
      this.places = pointers.size();
    }

    private static void add(Locator place, List<Locator> pointers) {
      if (place.kind() == Locator.Kind.POINTER) {
        pointers.add(place);
      }
      place.parts().forEach(part -> add(part, pointers));
    }

    void check(RawRecord record) {
      PayloadFlaw flaw = scanning.read(record.payload(), Map.of());
      require(
          flaw == jackson.read(record.payload(), Map.of()),
          "the scanner finds another flaw than Jackson");
      require(
          flaw != null || found(scanning).equals(found(jackson)),
          "the scanner finds other values than Jackson");
    }

    private String found(RecordReader reader) {
      StringBuilder all = new StringBuilder();
      for (int slot = 0; slot < places; slot++) {
        all.append(reader.slots().kind(slot)).append(' ');
        if (reader.slots().length(slot) > 0) {
          all.append(reader.slots().text(slot));
        }
      }
      return all.append(reader.slots().unknown()).toString();
    }
  }
}
