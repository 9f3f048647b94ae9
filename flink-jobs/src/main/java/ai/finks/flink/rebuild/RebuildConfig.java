package ai.finks.flink.rebuild;

import ai.finks.flink.config.JobKeys;
import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Configuration of a rebuild. Immutable; unknown keys, missing keys and values out of range are
 * refused with the key and the value.
 *
 * <table>
 *   <caption>Keys</caption>
 *   <tr><td>{@code lake.root}</td><td>URI or local path of the lake; required</td></tr>
 *   <tr><td>{@code catalog.*}</td><td>see {@link CatalogConfig}</td></tr>
 *   <tr><td>{@code schemas.dir}</td>
 *       <td>folder of {@code avro/} and {@code sources/}; required</td></tr>
 *   <tr><td>{@code keys.dir}</td>
 *       <td>as in the silver job's configuration: other keys make other tokens and hashes;
 *       required</td></tr>
 *   <tr><td>{@code entities}</td>
 *       <td>separated by commas; default all that have a binding</td></tr>
 *   <tr><td>{@code checkpoint.interval}</td>
 *       <td>such as {@code 30s}, the default: what a killed rebuild has to do again, and how many
 *       files a period gets</td></tr>
 *   <tr><td>{@code parallelism}</td><td>default {@code 1}</td></tr>
 *   <tr><td>{@code up-to-tables}</td>
 *       <td>whether streams that the tables know are rebuilt only up to where the tables stand, so
 *       that what lies behind takes the live job's way, typed topic included; default {@code
 *       false}</td></tr>
 *   <tr><td>{@code accept-gap}</td>
 *       <td>offsets that Bronze's ledger need not have, such as {@code fmp.bars.raw.v1:0:0-4711},
 *       separated by commas; default none. What they held is in none of the rebuilt tables</td></tr>
 * </table>
 */
public final class RebuildConfig {
  private static final Set<String> KEYS =
      Set.of(
          "schemas.dir",
          "keys.dir",
          "entities",
          "checkpoint.interval",
          "parallelism",
          "up-to-tables",
          "accept-gap");

  private final JobKeys keys;
  private final CatalogConfig catalog;
  private final List<String> entities;
  private final Duration checkpointInterval;
  private final int parallelism;
  private final boolean upToTables;
  private final AcceptedGaps acceptedGaps;

  private RebuildConfig(JobKeys keys) {
    this.keys = keys;
    this.catalog = keys.catalog();
    this.entities = keys.names("entities");
    this.checkpointInterval = keys.duration("checkpoint.interval", "30s");
    this.parallelism = keys.positive("parallelism", "1");
    this.upToTables = keys.flag("up-to-tables", "false");
    this.acceptedGaps = keys.gaps("accept-gap");
    keys.required("schemas.dir");
    keys.required("keys.dir");
  }

  /**
   * Reads and checks all keys.
   *
   * @throws IllegalArgumentException naming the first key that is unknown, missing or wrong
   */
  public static RebuildConfig of(Map<String, String> values) {
    return new RebuildConfig(JobKeys.ofLake(values, KEYS));
  }

  public CatalogConfig catalog() {
    return catalog;
  }

  public String lakeRoot() {
    return keys.lakeRoot();
  }

  public Path schemasDir() {
    return Path.of(keys.required("schemas.dir"));
  }

  public Path keysDir() {
    return Path.of(keys.required("keys.dir"));
  }

  /** The entities asked for; empty for all. */
  public List<String> entities() {
    return entities;
  }

  public Duration checkpointInterval() {
    return checkpointInterval;
  }

  public int parallelism() {
    return parallelism;
  }

  public boolean isUpToTables() {
    return upToTables;
  }

  /** Offsets that the ledger need not have. */
  public AcceptedGaps acceptedGaps() {
    return acceptedGaps;
  }
}
