package ai.finks.lineage.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.finks.lineage.Metadata;
import ai.finks.lineage.TestDynamo;
import ai.finks.lineage.store.LineageFact;
import ai.finks.lineage.store.LineageStore;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The functions of ours, called with events as AWS sends them. */
class HandlersTest {
  private static final String RUN = "20260105-100000-fmp-bars-1a2b3c";
  private static final String BARS = "silver.bars_versions";

  @TempDir static Path folder;
  private static TestDynamo dynamo;

  @BeforeAll
  static void open() throws Exception {
    dynamo = TestDynamo.open(folder);
  }

  @AfterAll
  static void close() {
    if (dynamo != null) {
      dynamo.close();
    }
  }

  @Test
  void recordsOfTheTopicAreTakenAndOddOnesLeftOut() throws Exception {
    LineageStore store = dynamo.store("topic");
    TopicHandler handler = new TopicHandler(store);

    assertThat(call(handler, "msk.json")).isEqualTo("{\"taken\":1}");
    assertThat(call(handler, "msk.json")).as("as Lambda repeats it").isEqualTo("{\"taken\":1}");

    assertThat(store.askedBy(RUN))
        .singleElement()
        .satisfies(asked -> assertThat((String) asked.values().get("asked")).contains("AAPL,MSFT"));
  }

  @Test
  void writtenMetadataIsReadAndItsCommitsAreTaken() throws Exception {
    LineageStore store = dynamo.store("bucket");
    byte[] metadata =
        new Metadata("s3://finks-lake/silver/entity=bars")
            .commit(1, Map.of(RUN, 10L), 10)
            .commit(2, Map.of(RUN, 6L), 16)
            .bytes();
    List<String> asked = new ArrayList<>();
    MetadataHandler handler =
        new MetadataHandler(
            store,
            (bucket, key) -> {
              asked.add(bucket + "/" + key);
              return key.contains("gone") ? Optional.empty() : Optional.of(metadata);
            });

    assertThat(call(handler, "s3.json")).isEqualTo("{\"taken\":2}");
    assertThat(call(handler, "s3.json")).as("known already").isEqualTo("{\"taken\":0}");

    assertThat(asked.get(0)).startsWith("finks-lake/silver/entity=bars/metadata/00002-");
    assertThat(asked).hasSize(4).noneMatch(key -> key.endsWith(".parquet"));
    assertThat(store.writtenBy(RUN))
        .extracting(LineageFact::name)
        .containsExactly(BARS + "@1", BARS + "@2");
    assertThat(store.offsetsBehind(BARS, 2).get(0).values())
        .containsEntry("from", 10L)
        .containsEntry("to", 16L);
  }

  @Test
  void aStoreThatFailsFailsTheCallSoThatItIsRepeated() {
    TopicHandler handler = new TopicHandler(dynamo.storeWithoutTable("no-such-table"));

    assertThatThrownBy(() -> call(handler, "msk.json"))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private static String call(RequestStreamHandler handler, String event) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = HandlersTest.class.getResourceAsStream("/events/" + event)) {
      handler.handleRequest(in, out, null);
    }
    return out.toString(UTF_8);
  }
}
