package ai.finks.stack.trace;

import ai.finks.schemas.wire.WireFormats;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** Looks raw records up for one trace: in the stream as long as it has them, else in Bronze. */
final class RawLookup implements AutoCloseable {
  private final RawSources sources;
  private final BronzeRecords bronze;
  private final Set<String> topics;
  private @Nullable StreamRecords stream;

  /**
   * @param ledger the table of Bronze's objects
   * @param topics every topic that records may come from
   */
  RawLookup(RawSources sources, Table ledger, Set<String> topics) {
    this.sources = sources;
    this.bronze = new BronzeRecords(ledger, sources.lakeRoot());
    this.topics = topics;
  }

  Map<Coordinate, RawFinding> find(Collection<Coordinate> wanted) {
    if (wanted.isEmpty()) {
      return Map.of();
    }
    Map<Coordinate, RawFinding> found = new HashMap<>();
    StreamRecords opened = stream();
    if (opened != null) {
      found.putAll(opened.find(wanted));
    }
    Set<Coordinate> missing = new HashSet<>(wanted);
    missing.removeAll(found.keySet());
    found.putAll(bronze.find(missing));
    return found;
  }

  private @Nullable StreamRecords stream() {
    String servers = sources.bootstrapServers();
    String registry = sources.registryUrl();
    if (stream == null && servers != null && registry != null) {
      stream = new StreamRecords(servers, WireFormats.open(URI.create(registry)), topics);
    }
    return stream;
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
