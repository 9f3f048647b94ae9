package ai.finks.flink.silver.keys;

import ai.finks.flink.silver.keys.WrappingKey.AlteredKeyException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Data keys, each wrapped, and which key wraps them. Immutable; as a document it can lie anywhere,
 * since nobody reads a key from it without the wrapping key:
 *
 * <pre>{"version": 1, "wrapping": {"place": "file:…", "id": "aes-…"}, "keys": {"name": "base64"}}
 * </pre>
 */
final class Keyring {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String place;
  private final String wrappingId;
  private final TreeMap<String, byte[]> wrapped;

  private Keyring(String place, String wrappingId, TreeMap<String, byte[]> wrapped) {
    this.place = place;
    this.wrappingId = wrappingId;
    this.wrapped = wrapped;
  }

  /**
   * Wraps keys.
   *
   * @param place where the wrapping key is found again
   */
  static Keyring wrap(String place, WrappingKey wrapping, Map<String, byte[]> keys) {
    TreeMap<String, byte[]> wrapped = new TreeMap<>();
    keys.forEach((name, key) -> wrapped.put(name, wrapping.wrap(name, key)));
    return new Keyring(place, wrapping.id(), wrapped);
  }

  /**
   * Reads a keyring.
   *
   * @param origin what messages call it
   * @throws IllegalStateException when it is none
   */
  static Keyring parse(String origin, String text) {
    try {
      JsonNode document = JSON.readTree(text);
      JsonNode keys = document.path("keys");
      if (document.path("version").asInt() != VERSION || !keys.isObject()) {
        throw damaged(origin, "it is no keyring of version " + VERSION);
      }
      TreeMap<String, byte[]> wrapped = new TreeMap<>();
      for (Map.Entry<String, JsonNode> key : keys.properties()) {
        wrapped.put(key.getKey(), Base64.getDecoder().decode(key.getValue().asText()));
      }
      JsonNode wrapping = document.path("wrapping");
      return new Keyring(wrapping.path("place").asText(), wrapping.path("id").asText(), wrapped);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // The reason would quote the text.
      throw damaged(origin, "it is not what was written");
    }
  }

  private static IllegalStateException damaged(String origin, String why) {
    return new IllegalStateException(
        String.format(
            "The keyring %s cannot be read: %s. Restore it from its backup.", origin, why));
  }

  /** The document. */
  String json() {
    ObjectNode document = JSON.createObjectNode();
    document.put("version", VERSION);
    document.putObject("wrapping").put("place", place).put("id", wrappingId);
    ObjectNode keys = document.putObject("keys");
    wrapped.forEach((name, key) -> keys.put(name, Base64.getEncoder().encodeToString(key)));
    return document.toPrettyString() + "\n";
  }

  /** Where the wrapping key is found. */
  String place() {
    return place;
  }

  String wrappingId() {
    return wrappingId;
  }

  /** The names of the keys. */
  Iterable<String> names() {
    return Collections.unmodifiableSet(wrapped.keySet());
  }

  /**
   * Opens all keys.
   *
   * @param origin what messages call the keyring
   * @throws IllegalStateException when the wrapping key is another one, or a key was altered
   */
  Map<String, byte[]> unwrap(String origin, WrappingKey wrapping) {
    if (!wrapping.id().equals(wrappingId)) {
      throw new IllegalStateException(
          String.format(
              "%s gives the wrapping key %s, but the keyring %s is wrapped with %s. Put that one"
                  + " back; to change it, run ./finks keys rotate while both are there.",
              place, wrapping.id(), origin, wrappingId));
    }
    Map<String, byte[]> keys = new TreeMap<>();
    wrapped.forEach(
        (name, key) -> {
          try {
            keys.put(name, wrapping.unwrap(name, key));
          } catch (AlteredKeyException e) {
            throw new IllegalStateException(
                String.format(
                    "The key '%s' in the keyring %s does not open under its wrapping key %s: the"
                        + " keyring was altered or is damaged. Restore it from its backup.",
                    name, origin, wrappingId),
                e);
          }
        });
    return keys;
  }
}
