package ai.finks.flink.table;

import java.io.EOFException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.shaded.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.iceberg.shaded.org.apache.avro.AvroRuntimeException;
import org.apache.iceberg.shaded.org.apache.avro.InvalidAvroMagicException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a table whose metadata is gone, or cut off as a crash leaves it, from a store that cannot
 * be reached: the latter may be sound.
 */
public final class LostMetadata {
  private LostMetadata() {}

  /** Whether reading a table's metadata failed because of what the files are. */
  public static boolean isCauseOf(RuntimeException failure) {
    if (failure instanceof IllegalArgumentException) {
      // A parser's word on text that is no metadata.
      return true;
    }
    Throwable around = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isLoss(cause) || isCut(cause, around)) {
        return true;
      }
      around = cause;
    }
    return false;
  }

  private static boolean isLoss(Throwable cause) {
    return cause instanceof NotFoundException
        || cause instanceof NoSuchTableException
        || cause instanceof JsonProcessingException
        || cause instanceof InvalidAvroMagicException;
  }

  /** A connection that breaks may end a stream too, but then its own exception lies around it. */
  private static boolean isCut(Throwable cause, @Nullable Throwable around) {
    return cause instanceof EOFException
        ? around instanceof RuntimeIOException || around instanceof AvroRuntimeException
        : cause instanceof AvroRuntimeException && cause.getCause() == null;
  }
}
