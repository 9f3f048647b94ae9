package ai.finks.flink.silver.parquet;

import java.util.Arrays;
import org.apache.iceberg.shaded.org.apache.parquet.column.statistics.Statistics;
import org.apache.iceberg.shaded.org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * The least and the greatest of some texts or byte strings, by unsigned bytes, which is Parquet's
 * order for both. Values are kept, not copied.
 */
final class ByteBounds {
  private byte @Nullable [] least;
  private byte @Nullable [] greatest;

  void add(byte[] value) {
    byte[] low = least;
    byte[] high = greatest;
    if (low == null || high == null) {
      least = value;
      greatest = value;
    } else if (Arrays.compareUnsigned(value, low) < 0) {
      least = value;
    } else if (Arrays.compareUnsigned(value, high) > 0) {
      greatest = value;
    }
  }

  /** Tells them, and begins anew. */
  void moveTo(Statistics<?> target) {
    if (least != null && greatest != null) {
      target.updateStats(Binary.fromConstantByteArray(least));
      target.updateStats(Binary.fromConstantByteArray(greatest));
    }
    clear();
  }

  void clear() {
    least = null;
    greatest = null;
  }
}
