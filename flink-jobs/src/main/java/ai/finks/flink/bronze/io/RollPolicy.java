package ai.finks.flink.bronze.io;

import java.io.Serializable;

/** When an object of Bronze is written out before its checkpoint asks for it. */
public final class RollPolicy implements Serializable {
  private static final long serialVersionUID = 1;

  private final int objectBytes;
  private final long openBytes;

  /**
   * @param objectBytes size at which an object is written out
   * @param openBytes memory that all open objects of a writer may take together
   */
  public RollPolicy(int objectBytes, long openBytes) {
    if (objectBytes < 1 || openBytes < objectBytes) {
      throw new IllegalArgumentException(
          "Objects of " + objectBytes + " bytes need open bytes of that many, not " + openBytes);
    }
    this.objectBytes = objectBytes;
    this.openBytes = openBytes;
  }

  int objectBytes() {
    return objectBytes;
  }

  long openBytes() {
    return openBytes;
  }

  @Override
  public String toString() {
    return "objects of " + objectBytes + ", open " + openBytes + " bytes";
  }
}
