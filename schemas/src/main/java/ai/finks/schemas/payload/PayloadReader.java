package ai.finks.schemas.payload;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes payloads of one format apart. */
interface PayloadReader {

  /**
   * Fills the slots of the places of a payload, which is a part of an array.
   *
   * @return what is wrong with the payload, or null
   */
  @Nullable PayloadFlaw read(
      byte[] source, int start, int end, Map<String, String> attributes, Slots out);

  /** The same of a payload that is an array of its own. */
  default @Nullable PayloadFlaw read(byte[] payload, Map<String, String> attributes, Slots out) {
    return read(payload, 0, payload.length, attributes, out);
  }

  /** A part of an array as an array of its own; the array itself where that is all of it. */
  static byte[] cut(byte[] source, int start, int end) {
    return end - start == source.length ? source : Arrays.copyOfRange(source, start, end);
  }
}
