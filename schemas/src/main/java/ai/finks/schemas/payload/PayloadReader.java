package ai.finks.schemas.payload;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes payloads of one format apart. */
interface PayloadReader {

  /** Fills the slots of the payload's places; returns what is wrong with the payload, or null. */
  @Nullable PayloadFlaw read(byte[] payload, Map<String, String> attributes, Slots out);
}
