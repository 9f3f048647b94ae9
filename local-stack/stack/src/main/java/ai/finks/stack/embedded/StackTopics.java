package ai.finks.stack.embedded;

import ai.finks.broker.TopicSpec;
import ai.finks.schemas.SchemaCatalog;
import ai.finks.schemas.Topics;
import ai.finks.schemas.binding.Binding;
import ai.finks.schemas.lineage.LineageEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The topics that contracts and bindings ask for. */
final class StackTopics {
  private static final Duration TYPED_RETENTION = Duration.ofDays(7);
  private static final Duration LINEAGE_RETENTION = Duration.ofDays(30);

  private StackTopics() {}

  /**
   * One raw topic per binding, one typed topic per entity, and that of lineage.
   *
   * @param existing partitions of the topics that are there: a typed topic keeps its number when
   *     another binding of its entity has more
   */
  static List<TopicSpec> of(SchemaCatalog catalog, Map<String, Integer> existing) {
    List<TopicSpec> topics = new ArrayList<>();
    topics.add(new TopicSpec(LineageEvents.TOPIC, 1, LINEAGE_RETENTION));
    Map<String, Integer> typedPartitions = new TreeMap<>();
    for (Binding binding : catalog.bindings()) {
      int partitions = binding.stream().partitions();
      topics.add(new TopicSpec(binding.topic(), partitions, binding.stream().retention()));
      typedPartitions.merge(binding.entity(), partitions, Math::max);
    }
    typedPartitions.forEach(
        (entity, partitions) ->
            topics.add(
                new TopicSpec(
                    Topics.typed(entity),
                    existing.getOrDefault(Topics.typed(entity), partitions),
                    TYPED_RETENTION)));
    return topics;
  }

  /** The raw topics of all bindings. */
  static List<String> raw(SchemaCatalog catalog) {
    return catalog.bindings().stream().map(Binding::topic).sorted().toList();
  }
}
