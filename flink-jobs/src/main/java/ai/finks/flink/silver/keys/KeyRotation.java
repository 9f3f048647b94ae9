package ai.finks.flink.silver.keys;

import java.util.Set;
import java.util.TreeSet;

/** What a rotation of the wrapping key did. Immutable; holds no key. */
public final class KeyRotation {
  private final String oldId;
  private final String newId;
  private final String place;
  private final TreeSet<String> names;

  KeyRotation(String oldId, String newId, String place, Set<String> names) {
    this.oldId = oldId;
    this.newId = newId;
    this.place = place;
    this.names = new TreeSet<>(names);
  }

  /** The id of the wrapping key until now. */
  public String oldId() {
    return oldId;
  }

  /** The id of the wrapping key from now on. */
  public String newId() {
    return newId;
  }

  /** Where it is. */
  public String place() {
    return place;
  }

  /** The names of the keys that were wrapped anew. */
  public Set<String> names() {
    return new TreeSet<>(names);
  }
}
