package ai.finks.lineage.lambda;

import ai.finks.lineage.core.MalformedEventException;
import ai.finks.lineage.store.LineageStore;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An AWS Lambda function behind the lineage topic: takes the records of a Kafka event source (MSK
 * or self-managed) into the store. A failure of the store fails the invocation, which Lambda then
 * repeats as a whole; that changes nothing of what was taken.
 */
public final class TopicHandler implements RequestStreamHandler {
  private static final Logger LOG = LoggerFactory.getLogger(TopicHandler.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LineageStore store;

  /** As Lambda makes it: the table is named by {@code LINEAGE_TABLE}. */
  public TopicHandler() {
    this(LambdaStore.fromEnvironment());
  }

  TopicHandler(LineageStore store) {
    this.store = store;
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    JsonNode event = JSON.readTree(input);
    int taken = 0;
    for (JsonNode partition : event.path("records")) {
      for (JsonNode record : partition) {
        taken += take(record) ? 1 : 0;
      }
    }
    JSON.writeValue(output, JSON.createObjectNode().put("taken", taken));
  }

  private boolean take(JsonNode record) {
    try {
      store.take(Base64.getDecoder().decode(record.path("value").asText()));
      return true;
    } catch (MalformedEventException e) {
      LOG.warn(
          "event left out: topic={} partition={} offset={} reason={}",
          record.path("topic").asText(),
          record.path("partition").asInt(),
          record.path("offset").asLong(),
          e.getMessage());
      return false;
    }
  }
}
