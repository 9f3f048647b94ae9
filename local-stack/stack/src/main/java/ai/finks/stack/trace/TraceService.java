package ai.finks.stack.trace;

import ai.finks.schemas.SchemaCatalog;
import ai.finks.stack.contracts.AppliedContracts;
import ai.finks.stack.home.FinksHome;
import ai.finks.stack.home.RevealLog;
import ai.finks.stack.lake.Lake;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Answers traces of one home, wherever it runs: in the stack, or in a command beside none. */
public final class TraceService {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FinksHome home;
  private final RawSources raw;
  private final Clock clock;

  /**
   * @param bootstrapServers the broker, null where none runs
   * @param registryUrl the schema registry, null where none runs
   */
  public TraceService(
      FinksHome home,
      @Nullable String bootstrapServers,
      @Nullable String registryUrl,
      Clock clock) {
    this.home = home;
    this.raw = new RawSources(bootstrapServers, registryUrl, Lake.root(home));
    this.clock = clock;
  }

  /** The request of a trace, as {@link #answer} takes it. */
  public static ObjectNode request(TraceRequest request, String user) {
    return JSON.createObjectNode()
        .put("relation", request.relation())
        .put("where", request.where())
        .put("limit", request.limit())
        .put("reveal", request.reveal())
        .put("user", user);
  }

  /**
   * The trace, or {@code refused} with what is wrong about the request; one at a time, as each may
   * take a good part of a small memory.
   *
   * @throws IOException when the lake cannot be read, or a reveal cannot be recorded
   */
  public synchronized ObjectNode answer(JsonNode request) throws IOException {
    try (Lake lake = Lake.open(home)) {
      TraceRequest wanted =
          new TraceRequest(
              request.path("relation").asText(),
              request.path("where").asText(),
              request.path("limit").asInt(),
              request.path("reveal").asBoolean());
      if (wanted.reveal()) {
        String user = request.path("user").asText();
        RevealLog.trace(home, clock.instant(), user, wanted.relation(), wanted.where());
      }
      return new Trace(lake, schemas(), raw).run(wanted);
    } catch (RowFilterException e) {
      return JSON.createObjectNode().put("refused", e.getMessage());
    }
  }

  private SchemaCatalog schemas() {
    AppliedContracts applied = AppliedContracts.of(home);
    return SchemaCatalog.load(
        applied
            .current()
            .orElseThrow(() -> new RowFilterException("the home " + home + " has no contracts")));
  }
}
