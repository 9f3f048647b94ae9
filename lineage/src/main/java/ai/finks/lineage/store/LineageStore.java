package ai.finks.lineage.store;

import ai.finks.lineage.core.EventItems;
import ai.finks.lineage.core.LineageItem;
import ai.finks.lineage.core.LineageKeys;
import ai.finks.lineage.core.MalformedEventException;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The lineage of a lake in one DynamoDB table, keyed as {@link LineageKeys} says. Taking an event
 * in again, or an older one after a newer one, changes nothing.
 */
public final class LineageStore {
  private static final String PARTITION = "pk";
  private static final String SORT = "sk";

  /** Of items that {@link LineageItem} bounds: together less than a batch may have. */
  private static final int BATCH = 25;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final double JITTER = 0.3;

  private final DynamoDbClient dynamo;
  private final String table;
  private final RetryPolicy<Map<String, List<WriteRequest>>> throttling;

  public LineageStore(DynamoDbClient dynamo, String table) {
    this(dynamo, table, PATIENCE);
  }

  /**
   * @param patience how long items are sent again that the table is too busy for
   */
  LineageStore(DynamoDbClient dynamo, String table, Duration patience) {
    this.dynamo = dynamo;
    this.table = table;
    this.throttling =
        RetryPolicy.<Map<String, List<WriteRequest>>>builder()
            .handleResultIf(rest -> rest != null && !rest.isEmpty())
            .abortOn(RuntimeException.class)
            .withBackoff(FIRST_PAUSE, LONGEST_PAUSE)
            .withJitter(JITTER)
            .withMaxRetries(-1)
            .withMaxDuration(patience)
            .build();
  }

  /** Creates the table unless it is there. */
  public void createMissing() {
    try {
      dynamo.createTable(
          create ->
              create
                  .tableName(table)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(
                      a -> a.attributeName(PARTITION).attributeType(ScalarAttributeType.S),
                      a -> a.attributeName(SORT).attributeType(ScalarAttributeType.S))
                  .keySchema(
                      k -> k.attributeName(PARTITION).keyType(KeyType.HASH),
                      k -> k.attributeName(SORT).keyType(KeyType.RANGE)));
    } catch (ResourceInUseException there) {
      return;
    }
    dynamo.waiter().waitUntilTableExists(describe -> describe.tableName(table));
  }

  /**
   * Takes an event in. That a commit is known is written after all that is known of it.
   *
   * @throws MalformedEventException if it is none, or one that the store can never take
   * @throws software.amazon.awssdk.core.exception.SdkException if the store fails
   * @throws IllegalStateException if the table is too busy for too long, or none of lineage
   */
  public void take(byte[] event) {
    List<LineageItem> items = EventItems.of(event);
    try {
      write(items.stream().filter(item -> !isCommit(item)).toList());
      write(items.stream().filter(LineageStore::isCommit).toList());
    } catch (DynamoDbException e) {
      if (e.awsErrorDetails() == null
          || !e.awsErrorDetails().errorCode().equals("ValidationException")) {
        throw e;
      }
      checkKeys();
      throw new MalformedEventException("refused by the store: " + e.getMessage());
    }
  }

  private static boolean isCommit(LineageItem item) {
    return item.sort().equals(LineageKeys.COMMIT);
  }

  /** A table with other keys refuses everything: that is not the events' fault. */
  private void checkKeys() {
    List<String> keys =
        dynamo.describeTable(describe -> describe.tableName(table)).table().keySchema().stream()
            .map(KeySchemaElement::attributeName)
            .toList();
    if (!keys.equals(List.of(PARTITION, SORT))) {
      throw new IllegalStateException(
          "The table " + table + " has the keys " + keys + ", not " + PARTITION + " and " + SORT);
    }
  }

  private void write(List<LineageItem> items) {
    // A batch may name a key once only.
    Map<String, WriteRequest> sure = new TreeMap<>();
    for (LineageItem item : items) {
      if (item.surest()) {
        sure.put(item.partition() + "\n" + item.sort(), put(item));
      } else {
        putUnlessThere(item);
      }
    }
    List<WriteRequest> requests = new ArrayList<>(sure.values());
    for (int from = 0; from < requests.size(); from += BATCH) {
      writeBatch(requests.subList(from, Math.min(from + BATCH, requests.size())));
    }
  }

  private void writeBatch(List<WriteRequest> requests) {
    AtomicReference<Map<String, List<WriteRequest>>> rest =
        new AtomicReference<>(Map.of(table, requests));
    Map<String, List<WriteRequest>> left =
        Failsafe.with(throttling)
            .get(
                () -> {
                  BatchWriteItemResponse response =
                      dynamo.batchWriteItem(write -> write.requestItems(rest.get()));
                  rest.set(response.unprocessedItems());
                  return rest.get();
                });
    if (!left.isEmpty()) {
      throw new IllegalStateException("The table " + table + " is too busy to take lineage in");
    }
  }

  private static WriteRequest put(LineageItem item) {
    return WriteRequest.builder()
        .putRequest(PutRequest.builder().item(attributes(item)).build())
        .build();
  }

  private void putUnlessThere(LineageItem item) {
    try {
      dynamo.putItem(
          put ->
              put.tableName(table)
                  .item(attributes(item))
                  .conditionExpression("attribute_not_exists(" + PARTITION + ")"));
    } catch (ConditionalCheckFailedException knownBetter) {
      return;
    }
  }

  private static Map<String, AttributeValue> attributes(LineageItem item) {
    Map<String, AttributeValue> attributes = new TreeMap<>();
    item.values()
        .forEach(
            (name, value) ->
                attributes.put(
                    name,
                    value instanceof Number number
                        ? AttributeValue.fromN(number.toString())
                        : AttributeValue.fromS(value.toString())));
    attributes.put(PARTITION, AttributeValue.fromS(item.partition()));
    attributes.put(SORT, AttributeValue.fromS(item.sort()));
    return attributes;
  }

  /** What a run asked its source for, and when; an entry per execution. */
  public List<LineageFact> askedBy(String runId) {
    return query(LineageKeys.run(runId), LineageKeys.ASKED);
  }

  /** What came back when a run's executions ended. */
  public List<LineageFact> cameTo(String runId) {
    return query(LineageKeys.run(runId), LineageKeys.CAME);
  }

  /** The snapshots that hold records of a run. */
  public List<LineageFact> writtenBy(String runId) {
    return query(LineageKeys.run(runId), LineageKeys.WROTE);
  }

  /** The runs that made a snapshot. */
  public List<LineageFact> runsBehind(String relation, long snapshotId) {
    return query(LineageKeys.snapshot(relation, snapshotId), LineageKeys.RUN);
  }

  /** The offsets that a snapshot added. */
  public List<LineageFact> offsetsBehind(String relation, long snapshotId) {
    return query(LineageKeys.snapshot(relation, snapshotId), LineageKeys.OFFSETS);
  }

  /** The snapshots of Gold that were built on a snapshot. */
  public List<LineageFact> builtOn(String relation, long snapshotId) {
    return query(LineageKeys.snapshot(relation, snapshotId), LineageKeys.GOLD);
  }

  /** The snapshots that a snapshot of Gold was built on. */
  public List<LineageFact> readFor(String relation, long snapshotId) {
    return query(LineageKeys.snapshot(relation, snapshotId), LineageKeys.READ);
  }

  /** The commit itself: at most one. */
  public List<LineageFact> commit(String relation, long snapshotId) {
    return query(LineageKeys.snapshot(relation, snapshotId), LineageKeys.COMMIT);
  }

  /** One query, however many pages its answer has. */
  private List<LineageFact> query(String partition, String kind) {
    QueryRequest request =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .keyConditionExpression(PARTITION + " = :p and begins_with(" + SORT + ", :s)")
            .expressionAttributeValues(
                Map.of(":p", AttributeValue.fromS(partition), ":s", AttributeValue.fromS(kind)))
            .build();
    List<LineageFact> facts = new ArrayList<>();
    for (Map<String, AttributeValue> item : dynamo.queryPaginator(request).items()) {
      Map<String, Object> values = new TreeMap<>();
      item.forEach(
          (name, value) ->
              values.put(name, value.n() == null ? value.s() : Long.valueOf(value.n())));
      String sort = String.valueOf(values.remove(SORT));
      values.remove(PARTITION);
      facts.add(new LineageFact(sort.substring(kind.length()), values));
    }
    return facts;
  }
}
