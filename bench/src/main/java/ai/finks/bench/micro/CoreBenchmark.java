package ai.finks.bench.micro;

import ai.finks.flink.silver.core.KeyedHash;
import ai.finks.flink.silver.core.KnownVersions;
import ai.finks.flink.silver.core.PiiKeys;
import ai.finks.flink.silver.core.Refined;
import ai.finks.flink.silver.core.SilverPlan;
import ai.finks.flink.silver.core.SilverRow;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.binding.FieldBinding;
import ai.finks.schemas.binding.Locator;
import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.payload.RecordReader;
import ai.finks.schemas.raw.DecodedRecord;
import ai.finks.schemas.raw.RawRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the steps of a quote's way through the silver job's core cost on one core. Validating is the
 * difference between {@code refine} and {@code refineWithoutChecks}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CoreBenchmark {
  /** Folder of the benchmark's contract and binding, a system property. */
  public static final String SCHEMAS = "finks.bench.schemas";

  private static final int HASHED_BYTES = 28;

  private final QuoteRecords quotes = new QuoteRecords();
  private final byte[] message = new byte[HASHED_BYTES];
  private final KnownVersions known = new KnownVersions();
  private RecordReader reader;
  private SilverPlan plan;
  private SilverPlan planWithoutChecks;
  private Refined refined;
  private Refined refinedWithoutChecks;
  private KeyedHash hash;
  private long sequence;

  /** JMH fills in what {@link #prepare} makes. */
  @SuppressWarnings("NullAway.Init")
  public CoreBenchmark() {}

  /** Compiles the plans. */
  @Setup
  public void prepare() throws IOException {
    Path schemas = Path.of(System.getProperty(SCHEMAS, "bench/schemas"));
    SchemaCatalog catalog = SchemaCatalog.load(schemas);
    Contract contract = catalog.contracts().iterator().next();
    List<Binding> bindings = List.copyOf(catalog.bindingsOf(contract.entity()));
    List<Locator> places = new ArrayList<>();
    for (FieldBinding field : bindings.get(0).fields()) {
      places.add(field.locator());
    }
    Map<String, byte[]> secrets = new HashMap<>();
    PiiKeys.namesFor(contract).forEach(name -> secrets.put(name, new byte[PiiKeys.MIN_KEY_BYTES]));
    PiiKeys keys = PiiKeys.of(secrets);
    reader = RecordReader.of(bindings.get(0).format(), places, bindings.get(0).ignored());
    plan = SilverPlan.compile(contract, bindings, keys);
    refined = plan.newRefined();
    planWithoutChecks = SilverPlan.compile(withoutChecks(contract), bindings, keys);
    refinedWithoutChecks = planWithoutChecks.newRefined();
    hash = KeyedHash.of(new byte[PiiKeys.MIN_KEY_BYTES]);
  }

  private static Contract withoutChecks(Contract contract) throws IOException {
    String text = Files.readString(Path.of(contract.file()));
    return Contract.parse(
        contract.file(), text.replaceAll("(?s)\"checks\": \\[.*?\\n    \\]", "\"checks\": []"));
  }

  /** Taking the envelope apart. */
  @Benchmark
  public DecodedRecord envelope() {
    return quotes.decoder().decode(quotes.nextWire());
  }

  /** Finding the bound values in the JSON. */
  @Benchmark
  public boolean parse() {
    RawRecord record = quotes.nextRecord();
    return reader.read(record.payload(), record.attributes()) == null;
  }

  /** From the payload to a checked, hashed, masked row. */
  @Benchmark
  public List<SilverRow> refine() {
    plan.refine(quotes.nextRecord(), refined);
    return refined.rows();
  }

  /** The same by a contract without checks. */
  @Benchmark
  public List<SilverRow> refineWithoutChecks() {
    planWithoutChecks.refine(quotes.nextRecord(), refinedWithoutChecks);
    return refinedWithoutChecks.rows();
  }

  /** One HMAC of a short text, as a token takes it. */
  @Benchmark
  public byte[] hash() {
    message[0]++;
    return hash.hash(message, HASHED_BYTES);
  }

  /** One decision by the version rule; every key is new once and a duplicate later. */
  @Benchmark
  public Object judge() {
    long key = (sequence++ & 0xFFFFF) * 0x9E3779B97F4A7C15L;
    return known.judge(key, ~key, 1, "batch", 1, key);
  }
}
