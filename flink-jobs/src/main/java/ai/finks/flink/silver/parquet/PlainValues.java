package ai.finks.flink.silver.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;

/** Byte strings as Parquet's PLAIN encoding has them, one behind the other. */
final class PlainValues {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int FIRST_BYTES = 1 << 10;
  private static final int KEPT_BYTES = 1 << 20;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int size;

  /** Appends the value with its length ahead of it. */
  void append(byte[] value) {
    int end = size + Integer.BYTES;
    reserve(end + value.length);
    INT.set(bytes, size, value.length);
    System.arraycopy(value, 0, bytes, end, value.length);
    size = end + value.length;
  }

  /** Appends 16 bytes, the first one highest, with their number ahead of them. */
  void append(long high, long low) {
    int at = size;
    reserve(at + Integer.BYTES + 2 * Long.BYTES);
    INT.set(bytes, at, 2 * Long.BYTES);
    LONG.set(bytes, at + Integer.BYTES, high);
    LONG.set(bytes, at + Integer.BYTES + Long.BYTES, low);
    size = at + Integer.BYTES + 2 * Long.BYTES;
  }

  /** Appends the value alone: all values of the column are of one length. */
  void appendFixed(byte[] value) {
    reserve(size + value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  private void reserve(int needed) {
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
  }

  int size() {
    return size;
  }

  /** Good until the next change. */
  BytesInput bytes() {
    return BytesInput.from(bytes, 0, size);
  }

  void clear() {
    size = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[FIRST_BYTES];
    }
  }
}
