package ai.finks.schemas.glue;

import ai.finks.schemas.wire.WireFormat;
import ai.finks.schemas.wire.WireFormatProvider;
import java.net.URI;

/**
 * Serves {@code glue://REGION/REGISTRY}, with {@code ?endpoint=URL} where AWS is not at its own
 * addresses. Credentials are those of AWS's default chain; the registry must exist.
 */
public final class GlueWireFormatProvider implements WireFormatProvider {
  private static final String ENDPOINT = "endpoint=";

  @Override
  public String scheme() {
    return "glue";
  }

  @Override
  public WireFormat open(URI registry) {
    String region = registry.getHost();
    String path = registry.getPath();
    String query = registry.getQuery();
    boolean complete = region != null && path != null && path.matches("/[^/]+");
    if (!complete || (query != null && !query.startsWith(ENDPOINT))) {
      throw new IllegalArgumentException(
          registry + " is no Glue registry: expected glue://REGION/REGISTRY[?endpoint=URL]");
    }
    return new GlueWireFormat(
        new GlueRegistry(
            region, path.substring(1), query == null ? null : query.substring(ENDPOINT.length())));
  }
}
