package ai.finks.lineage;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.finks.dynamodb.EmbeddedDynamo;
import ai.finks.lineage.store.LineageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A store on DynamoDBLocal; tests skip loudly where it was never fetched. */
public final class TestDynamo implements AutoCloseable {
  private final EmbeddedDynamo dynamo;

  private TestDynamo(EmbeddedDynamo dynamo) {
    this.dynamo = dynamo;
  }

  public static TestDynamo open(Path folder) throws IOException {
    Path classpath =
        Path.of("").toAbsolutePath().resolveSibling(".finks").resolve("dynamodb.classpath");
    assumeTrue(
        Files.exists(classpath), "SKIPPED: no DynamoDBLocal in " + classpath + "; ./finks gets it");
    return new TestDynamo(EmbeddedDynamo.open(classpath, folder));
  }

  public LineageStore store(String table) {
    LineageStore store = new LineageStore(dynamo.client(), table);
    store.createMissing();
    return store;
  }

  /** A store whose table was never made. */
  public LineageStore storeWithoutTable(String table) {
    return new LineageStore(dynamo.client(), table);
  }

  @Override
  public void close() {
    dynamo.close();
  }
}
