package ai.finks.stack.trace;

import ai.finks.schemas.registry.RegistryUnavailableException;
import ai.finks.schemas.wire.WireFormats;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks raw records up for one trace: in the stream as long as it has them, else in Bronze, which
 * has all of them. A stream that does not answer is asked once.
 */
final class RawLookup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RawLookup.class);

  private final Supplier<? extends @Nullable Stream> opener;
  private final BronzeRecords bronze;
  private @Nullable Stream stream;
  private @Nullable String problem;

  /** The records that a broker keeps. */
  interface Stream extends AutoCloseable {
    /** Those of the records that are there. */
    Map<Coordinate, RawFinding> find(Collection<Coordinate> wanted);

    @Override
    void close();
  }

  /**
   * @param ledger the table of Bronze's objects
   * @param topics every topic that records may come from
   */
  RawLookup(RawSources sources, Table ledger, Set<String> topics) {
    this(() -> open(sources, topics), new BronzeRecords(ledger, sources.lakeRoot()));
  }

  /**
   * @param opener gives the stream, or null where none runs
   */
  RawLookup(Supplier<? extends @Nullable Stream> opener, BronzeRecords bronze) {
    this.opener = opener;
    this.bronze = bronze;
  }

  private static @Nullable Stream open(RawSources sources, Set<String> topics) {
    String servers = sources.bootstrapServers();
    String registry = sources.registryUrl();
    return servers == null || registry == null
        ? null
        : new StreamRecords(servers, WireFormats.open(URI.create(registry)), topics);
  }

  Map<Coordinate, RawFinding> find(Collection<Coordinate> wanted) {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    Map<Coordinate, RawFinding> found = new HashMap<>(inStream(wanted));
    Set<Coordinate> missing = new HashSet<>(wanted);
    missing.removeAll(found.keySet());
    found.putAll(bronze.find(missing));
    return found;
  }

  /** Why the stream was not asked any more, if it gave no answer. */
  Optional<String> streamProblem() {
    return Optional.ofNullable(problem);
  }

  private Map<Coordinate, RawFinding> inStream(Collection<Coordinate> wanted) {
    if (problem != null) {
      return Map.of();
    }
    try {
      if (stream == null) {
        stream = opener.get();
      }
      return stream == null ? Map.of() : stream.find(wanted);
    } catch (KafkaException | RegistryUnavailableException e) {
      // Whatever ails broker or registry, and records that expire while they are looked for.
      LOG.warn("raw records are read from Bronze: reason={}", e.toString());
      problem = e.toString();
      return Map.of();
    }
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
