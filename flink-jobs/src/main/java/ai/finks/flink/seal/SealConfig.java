package ai.finks.flink.seal;

import ai.finks.flink.config.JobKeys;
import ai.finks.flink.table.CatalogConfig;
import ai.finks.flink.table.TablePeriod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Configuration of the seal job. Immutable; unknown keys, missing keys and values out of range are
 * refused with the key and the value.
 *
 * <table>
 *   <caption>Keys</caption>
 *   <tr><td>{@code lake.root}</td><td>URI or local path of the lake; required</td></tr>
 *   <tr><td>{@code catalog.*}</td><td>see {@link CatalogConfig}</td></tr>
 *   <tr><td>{@code schemas.dir}</td>
 *       <td>folder of {@code avro/} and {@code sources/}, read where the job is submitted;
 *       required</td></tr>
 *   <tr><td>{@code entities}</td><td>separated by commas; default all that have a contract</td></tr>
 *   <tr><td>{@code period}</td><td>this one alone, such as {@code 2026-01}</td></tr>
 *   <tr><td>{@code parallelism}</td><td>entities at a time, default {@code 1}</td></tr>
 *   <tr><td>{@code threads}</td><td>periods of an entity at a time, default {@code 2}</td></tr>
 *   <tr><td>{@code sort-memory}</td><td>rows held per thread, default {@code 64mb}</td></tr>
 *   <tr><td>{@code scratch.dir}</td>
 *       <td>folder of the machine where the job runs, for rows that do not fit; default its folder
 *       for temporary files</td></tr>
 * </table>
 */
public final class SealConfig {
  private static final Set<String> KEYS =
      Set.of(
          "schemas.dir",
          "entities",
          "period",
          "parallelism",
          "threads",
          "sort-memory",
          "scratch.dir");
  private static final long LEAST_MEMORY = 1 << 20;

  private final JobKeys keys;
  private final CatalogConfig catalog;
  private final List<String> entities;
  private final int parallelism;
  private final int threads;
  private final long sortMemory;
  private final Optional<TablePeriod> period;

  private SealConfig(JobKeys keys) {
    this.keys = keys;
    this.catalog = keys.catalog();
    this.entities = keys.names("entities");
    this.parallelism = keys.positive("parallelism", "1");
    this.threads = keys.positive("threads", "2");
    this.sortMemory = keys.bytes("sort-memory", "64mb");
    this.period = period(keys);
    if (sortMemory < LEAST_MEMORY) {
      throw keys.wrong("sort-memory", "must be 1mb or more");
    }
    keys.required("schemas.dir");
  }

  private static Optional<TablePeriod> period(JobKeys keys) {
    if (!keys.has("period")) {
      return Optional.empty();
    }
    try {
      return Optional.of(TablePeriod.parse(keys.required("period")));
    } catch (IllegalArgumentException e) {
      throw keys.wrong("period", "must be a period such as 2026-01");
    }
  }

  /**
   * Reads and checks all keys.
   *
   * @throws IllegalArgumentException naming the first key that is unknown, missing or wrong
   */
  public static SealConfig of(Map<String, String> values) {
    return new SealConfig(JobKeys.ofLake(values, KEYS));
  }

  public CatalogConfig catalog() {
    return catalog;
  }

  public Path schemasDir() {
    return Path.of(keys.required("schemas.dir"));
  }

  /** The entities asked for; empty for all. */
  public List<String> entities() {
    return entities;
  }

  /** The one period asked for; empty for all that are past. */
  public Optional<TablePeriod> period() {
    return period;
  }

  public int parallelism() {
    return parallelism;
  }

  public int threads() {
    return threads;
  }

  /** Bytes of rows that a thread holds. */
  public long sortMemory() {
    return sortMemory;
  }

  /** Where rows are spilled; empty for the machine's folder for temporary files. */
  public Optional<String> scratchDir() {
    return keys.has("scratch.dir") ? Optional.of(keys.required("scratch.dir")) : Optional.empty();
  }
}
