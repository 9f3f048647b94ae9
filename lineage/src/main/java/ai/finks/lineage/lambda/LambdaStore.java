package ai.finks.lineage.lambda;

import ai.finks.lineage.store.LineageStore;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The store that a function of ours writes to. */
final class LambdaStore {
  static final String TABLE = "LINEAGE_TABLE";

  private LambdaStore() {}

  static LineageStore fromEnvironment() {
    String table = System.getenv(TABLE);
    if (table == null || table.isBlank()) {
      throw new IllegalStateException(TABLE + " names the table of the lineage; it is not set");
    }
    return new LineageStore(DynamoDbClient.create(), table);
  }
}
