package ai.finks.lineage.lambda;

import ai.finks.lineage.core.TableNames;
import ai.finks.lineage.store.LineageStore;
import ai.finks.schemas.lineage.CommitFacts;
import ai.finks.schemas.lineage.LineageEvents;
import ai.finks.schemas.lineage.TableMetadataReader;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * An AWS Lambda function behind the lake's bucket: when an Iceberg table's metadata was written, it
 * takes in those of the table's commits that the store does not know yet. A metadata file that a
 * commit wrote and then lost the race with tells of a snapshot that is in no table: that does no
 * harm, as nothing leads to it.
 */
public final class MetadataHandler implements RequestStreamHandler {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUFFIX = ".metadata.json";

  /** Reads objects of a bucket. */
  @FunctionalInterface
  interface Objects {
    /** The object's content; empty if it is gone: newer metadata says all that it said. */
    Optional<byte[]> read(String bucket, String key);
  }

  private final LineageStore store;
  private final Objects objects;
  private final LineageEvents events = new LineageEvents();

  /** As Lambda makes it: the table is named by {@code LINEAGE_TABLE}. */
  public MetadataHandler() {
    this(LambdaStore.fromEnvironment(), of(S3Client.create()));
  }

  MetadataHandler(LineageStore store, Objects objects) {
    this.store = store;
    this.objects = objects;
  }

  private static Objects of(S3Client s3) {
    return (bucket, key) -> {
      try {
        return Optional.of(s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray());
      } catch (NoSuchKeyException gone) {
        return Optional.empty();
      }
    };
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    int taken = 0;
    for (JsonNode record : JSON.readTree(input).path("Records")) {
      JsonNode s3 = record.path("s3");
      String key =
          URLDecoder.decode(s3.path("object").path("key").asText(), StandardCharsets.UTF_8);
      if (record.path("eventName").asText().startsWith("ObjectCreated:") && key.endsWith(SUFFIX)) {
        Optional<byte[]> metadata = objects.read(s3.path("bucket").path("name").asText(), key);
        taken += metadata.isPresent() ? take(JSON.readTree(metadata.get())) : 0;
      }
    }
    JSON.writeValue(output, JSON.createObjectNode().put("taken", taken));
  }

  private int take(JsonNode metadata) {
    Optional<String> table = TableNames.ofLocation(metadata.path("location").asText());
    if (table.isEmpty()) {
      return 0;
    }
    List<CommitFacts> commits = TableMetadataReader.commits(table.get(), metadata);
    int known = commits.size();
    while (known > 0 && !isKnown(commits.get(known - 1))) {
      known--;
    }
    // Oldest first: whatever ends this, the next one begins behind the last that is known.
    List<CommitFacts> unknown = commits.subList(known, commits.size());
    unknown.forEach(commit -> store.take(events.committed(commit)));
    return unknown.size();
  }

  private boolean isKnown(CommitFacts commit) {
    return !store.commit(commit.table(), commit.snapshotId()).isEmpty();
  }
}
