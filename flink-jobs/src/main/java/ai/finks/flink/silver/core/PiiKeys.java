package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.Masking;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The secret keys that Silver hashes with: one for content hashes and fingerprints, one per
 * tokenised field. They never rotate, because hashes and tokens must compare over years. Kept out
 * of logs: {@link #toString} names them only.
 */
public final class PiiKeys {

  /** The name of the key for content hashes and fingerprints. */
  public static final String CONTENT_HASH = "content-hash";

  /** The least bytes of a key. */
  public static final int MIN_KEY_BYTES = 32;

  private final Map<String, byte[]> keys;

  private PiiKeys(Map<String, byte[]> keys) {
    this.keys = keys;
  }

  /**
   * Keys by their names.
   *
   * @throws IllegalArgumentException when a key has fewer than 32 bytes
   */
  public static PiiKeys of(Map<String, byte[]> keys) {
    Map<String, byte[]> copy = new HashMap<>();
    keys.forEach(
        (name, key) -> {
          if (key.length < MIN_KEY_BYTES) {
            throw new IllegalArgumentException(
                "the key '" + name + "' has fewer than " + MIN_KEY_BYTES + " bytes");
          }
          copy.put(name, key.clone());
        });
    return new PiiKeys(copy);
  }

  /**
   * Keys by their names, as configuration gives them: in hexadecimal digits.
   *
   * @throws IllegalArgumentException when a key is not hexadecimal or too short
   */
  public static PiiKeys parse(Map<String, String> hexKeys) {
    Map<String, byte[]> keys = new HashMap<>();
    hexKeys.forEach((name, hex) -> keys.put(name, parseHex(name, hex.trim())));
    return of(keys);
  }

  private static byte[] parseHex(String name, String hex) {
    byte[] key = new byte[hex.length() / 2];
    boolean valid = hex.length() % 2 == 0;
    for (int i = 0; valid && i < key.length; i++) {
      int high = Character.digit(hex.charAt(2 * i), 16);
      int low = Character.digit(hex.charAt(2 * i + 1), 16);
      valid = high >= 0 && low >= 0;
      key[i] = (byte) (high << 4 | low);
    }
    if (!valid) {
      throw new IllegalArgumentException("the key '" + name + "' is not in hexadecimal digits");
    }
    return key;
  }

  /** The names of the keys that a contract needs. */
  public static Set<String> namesFor(Contract contract) {
    Set<String> names = new LinkedHashSet<>();
    names.add(CONTENT_HASH);
    for (Field field : contract.fields()) {
      field
          .masking()
          .filter(masking -> masking.kind() == Masking.Kind.TOKENISE)
          .ifPresent(masking -> names.add(nameFor(contract, field)));
    }
    return names;
  }

  /** The name of the key that a field is tokenised with: its masking's, else its own. */
  static String nameFor(Contract contract, Field field) {
    return field.masking().flatMap(Masking::keyName).orElse(contract.entity() + "." + field.name());
  }

  /**
   * A key.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  byte[] key(String name) {
    byte[] key = keys.get(name);
    if (key == null) {
      throw new IllegalArgumentException("the key '" + name + "' is missing");
    }
    return key;
  }

  /** The names of the keys, never the keys. */
  @Override
  public String toString() {
    return "PiiKeys" + keys.keySet();
  }
}
