package ai.finks.flink.silver.io;

import ai.finks.flink.stream.AcceptedGaps;
import ai.finks.flink.table.CatalogLoader;
import ai.finks.flink.table.LakeCatalog;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/** One entity's way into the lake: its topics, its tables, and the submission that writes them. */
public final class Pipeline implements Serializable {
  private static final long serialVersionUID = 1;

  private final String entity;
  private final TreeMap<String, String> sourceOfTopic;
  private final CatalogLoader catalogLoader;
  private final String writerId;
  private final boolean takeOver;
  private final Duration checkpointInterval;
  private final Duration snapshotAge;
  private final TreeMap<PipelineTable, String> elsewhere = new TreeMap<>();
  private AcceptedGaps acceptedGaps = AcceptedGaps.none();

  /**
   * @param sourceOfTopic raw topic to the source whose records it carries
   * @param writerId one per submission of the job
   * @param takeOver whether a writer that committed just now may be replaced
   * @param snapshotAge how long snapshots that nothing refers to stay readable
   */
  public Pipeline(
      String entity,
      Map<String, String> sourceOfTopic,
      CatalogLoader catalogLoader,
      String writerId,
      boolean takeOver,
      Duration checkpointInterval,
      Duration snapshotAge) {
    this.entity = entity;
    this.sourceOfTopic = new TreeMap<>(sourceOfTopic);
    this.catalogLoader = catalogLoader;
    this.writerId = writerId;
    this.takeOver = takeOver;
    this.checkpointInterval = checkpointInterval;
    this.snapshotAge = snapshotAge;
  }

  /** The same, but it goes on without offsets that were given up. */
  public Pipeline accepting(AcceptedGaps gaps) {
    Pipeline accepting = copy();
    accepting.acceptedGaps = gaps;
    return accepting;
  }

  /**
   * The same, but it writes other tables than the entity's own, and knows of keys what those say.
   *
   * @param tables in place of the entity's own; roles that are left out keep theirs
   */
  public Pipeline into(Map<PipelineTable, TableIdentifier> tables) {
    Pipeline other = copy();
    tables.forEach((role, table) -> other.elsewhere.put(role, table.toString()));
    return other;
  }

  private Pipeline copy() {
    Pipeline copy =
        new Pipeline(
            entity,
            sourceOfTopic,
            catalogLoader,
            writerId,
            takeOver,
            checkpointInterval,
            snapshotAge);
    copy.acceptedGaps = acceptedGaps;
    copy.elsewhere.putAll(elsewhere);
    return copy;
  }

  public AcceptedGaps acceptedGaps() {
    return acceptedGaps;
  }

  public String entity() {
    return entity;
  }

  public List<String> topics() {
    return new ArrayList<>(sourceOfTopic.keySet());
  }

  /** The source whose records a topic carries. */
  public String source(String topic) {
    String source = sourceOfTopic.get(topic);
    if (source == null) {
      throw new IllegalArgumentException("Topic " + topic + " does not feed " + entity);
    }
    return source;
  }

  public CatalogLoader catalogLoader() {
    return catalogLoader;
  }

  public String writerId() {
    return writerId;
  }

  public boolean takesOver() {
    return takeOver;
  }

  public Duration checkpointInterval() {
    return checkpointInterval;
  }

  public Duration snapshotAge() {
    return snapshotAge;
  }

  /** The name under which the pipeline commits. */
  public String job() {
    return "silver." + entity;
  }

  /** The table that the pipeline has in that role. */
  public TableIdentifier table(PipelineTable role) {
    String other = elsewhere.get(role);
    return other == null ? role.identifier(entity) : TableIdentifier.parse(other);
  }

  public List<TableIdentifier> tables() {
    List<TableIdentifier> identifiers = new ArrayList<>();
    for (PipelineTable role : PipelineTable.values()) {
      identifiers.add(table(role));
    }
    return identifiers;
  }

  /** All tables at their newest state. */
  public EnumMap<PipelineTable, Table> load(LakeCatalog catalog) {
    EnumMap<PipelineTable, Table> tables = new EnumMap<>(PipelineTable.class);
    for (PipelineTable table : PipelineTable.values()) {
      tables.put(table, catalog.load(table(table)));
    }
    return tables;
  }
}
