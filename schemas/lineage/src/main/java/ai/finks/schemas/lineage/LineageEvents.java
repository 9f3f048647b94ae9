package ai.finks.schemas.lineage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * OpenLineage events of runs and commits, as JSON. What OpenLineage has no word for is in the run
 * facet {@value #FACET}. The same facts give the same bytes.
 */
public final class LineageEvents {
  /** The facet of ours. */
  public static final String FACET = "finks";

  /** The topic that events go to. */
  public static final String TOPIC = "lineage.v1";

  /** The namespace of jobs and tables. */
  public static final String NAMESPACE = "finks";

  private static final URI PRODUCER = URI.create("urn:finks:lineage:1");

  /** Of the summary: told as ranges, the accounting's, told as runs, the trace's. */
  private static final Set<String> UNTOLD =
      Set.of("finks.offsets", "finks.counts", "finks.runs", "finks.behind");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  private final OpenLineage lineage = new OpenLineage(PRODUCER);

  /** A run has started. */
  public byte[] started(RunFacts run) {
    return run(EventType.START, run, null);
  }

  /** A run did all that it was asked for. */
  public byte[] completed(RunFacts run) {
    return run(EventType.COMPLETE, run, null);
  }

  /**
   * A run ended without having done all.
   *
   * @param why which kind of failure; never a value of a record
   */
  public byte[] failed(RunFacts run, String why) {
    return run(EventType.FAIL, run, why);
  }

  private byte[] run(EventType type, RunFacts run, @Nullable String why) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", run.kind());
    facts.put("run_id", run.runId());
    facts.put("correlation_id", run.correlationId());
    facts.put("asked", new TreeMap<>(run.asked()));
    facts.put("came", new TreeMap<>(run.came()));
    if (why != null) {
      facts.put("failure", why);
    }
    List<OpenLineage.InputDataset> inputs = new ArrayList<>();
    run.from().forEach(name -> inputs.add(input(name, null)));
    List<OpenLineage.OutputDataset> outputs = new ArrayList<>();
    run.to().forEach(name -> outputs.add(output(name, null, null)));
    return event(
        new Head(type, run.at(), LineageIds.run(run.runId()), run.job()), facts, inputs, outputs);
  }

  /** A commit. Its event is complete in itself: who reads it needs no other. */
  public byte[] committed(CommitFacts commit) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", commit.kind());
    facts.put("table", commit.table());
    facts.put("snapshot", commit.snapshotId());
    facts.put("parent", commit.parentId());
    facts.put("runs", new TreeMap<>(commit.runs()));
    facts.put("correlation_ids", correlations(commit));
    List<Map<String, Object>> ranges = new ArrayList<>();
    commit.ranges().forEach(range -> ranges.add(range(range)));
    facts.put("ranges", ranges);
    Map<String, Object> said = new TreeMap<>();
    commit
        .summary()
        .forEach(
            (key, value) -> {
              if (isTold(key)) {
                said.put(key, value);
              }
            });
    facts.put("summary", said);
    Map<String, Long> pins = pins(commit);
    facts.put("pins", pins);
    List<OpenLineage.InputDataset> inputs = new ArrayList<>();
    commit.ranges().stream()
        .map(CommitFacts.Range::topic)
        .distinct()
        .forEach(topic -> inputs.add(input(topic, null)));
    pins.forEach((table, snapshot) -> inputs.add(input(table, snapshot)));
    Head head =
        new Head(
            EventType.COMPLETE,
            commit.committedAt(),
            LineageIds.commit(commit.table(), commit.snapshotId()),
            commit.table());
    return event(head, facts, inputs, List.of(output(commit.table(), commit.snapshotId(), commit)));
  }

  private static boolean isTold(String key) {
    return !UNTOLD.contains(key);
  }

  private static List<String> correlations(CommitFacts commit) {
    String gold = commit.said("finks.gold-run");
    String maintenance = commit.said("finks." + commit.kind() + "-id");
    if (gold != null) {
      return List.of(gold);
    }
    return maintenance != null
        ? List.of(maintenance)
        : commit.runs().keySet().stream()
            .filter(run -> !run.equals(CommitFacts.OTHER_RUNS))
            .sorted()
            .toList();
  }

  private static Map<String, Object> range(CommitFacts.Range range) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("topic", range.topic());
    node.put("stream_id", range.streamId());
    node.put("partition", range.partition());
    node.put("from", range.from());
    node.put("to", range.to());
    return node;
  }

  /** The snapshots of Silver that a commit to Gold was made of. */
  private static Map<String, Long> pins(CommitFacts commit) {
    Map<String, Long> pins = new TreeMap<>();
    String said = commit.said("finks.pins");
    String used = commit.said("finks.inputs");
    if (said != null) {
      parse(said)
          .properties()
          .forEach(
              pin -> {
                boolean isUsed = used == null || used.contains("\"" + pin.getKey() + "\"");
                if (isUsed && pin.getValue().isNumber()) {
                  pins.put(pin.getKey(), pin.getValue().asLong());
                }
              });
    }
    return pins;
  }

  private record Head(EventType type, Instant at, UUID run, String job) {}

  private byte[] event(
      Head head,
      Map<String, Object> facts,
      List<OpenLineage.InputDataset> inputs,
      List<OpenLineage.OutputDataset> outputs) {
    OpenLineage.RunFacet facet = lineage.newRunFacet();
    facet.getAdditionalProperties().putAll(facts);
    OpenLineage.RunEvent event =
        lineage
            .newRunEventBuilder()
            .eventType(head.type())
            .eventTime(head.at().atZone(ZoneOffset.UTC))
            .run(
                lineage.newRun(head.run(), lineage.newRunFacetsBuilder().put(FACET, facet).build()))
            .job(lineage.newJob(NAMESPACE, head.job(), null))
            .inputs(inputs)
            .outputs(outputs)
            .build();
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event that is no JSON: " + e.getMessage(), e);
    }
  }

  private OpenLineage.InputDataset input(String name, @Nullable Long version) {
    return lineage
        .newInputDatasetBuilder()
        .namespace(NAMESPACE)
        .name(name)
        .facets(facets(version))
        .build();
  }

  private OpenLineage.OutputDataset output(
      String name, @Nullable Long version, @Nullable CommitFacts commit) {
    OpenLineage.OutputDatasetBuilder builder =
        lineage.newOutputDatasetBuilder().namespace(NAMESPACE).name(name).facets(facets(version));
    if (commit != null) {
      builder.outputFacets(
          lineage
              .newOutputDatasetOutputFacetsBuilder()
              .outputStatistics(
                  lineage.newOutputStatisticsOutputDatasetFacet(
                      commit.count("added-records"),
                      commit.count("added-files-size"),
                      commit.count("added-data-files")))
              .build());
    }
    return builder.build();
  }

  private OpenLineage.DatasetFacets facets(@Nullable Long version) {
    OpenLineage.DatasetFacetsBuilder builder = lineage.newDatasetFacetsBuilder();
    return version == null
        ? builder.build()
        : builder.version(lineage.newDatasetVersionDatasetFacet(Long.toString(version))).build();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No JSON in a snapshot's summary: " + json, e);
    }
  }
}
