package ai.finks.adapters.core;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A window on a stream that keeps the record being read, up to a limit, and nothing before it.
 *
 * <p>Subclasses scan {@code buffer[position, limit)} themselves, since a call per byte would cost
 * more than the scan, and call {@link #refill()} when they reach {@code limit}.
 */
abstract class BoundedWindow {
  private static final int INITIAL_BYTES = 128 * 1024;

  private final InputStream in;
  private final int maxRecordBytes;
  private long consumed;
  private int recordStart = -1;
  private long recordBytes;
  private boolean oversize;

  protected byte[] buffer = new byte[INITIAL_BYTES];
  protected int position;
  protected int limit;

  BoundedWindow(InputStream in, int maxRecordBytes) {
    if (maxRecordBytes < 8) {
      throw new IllegalArgumentException("maxRecordBytes must be 8 or more: " + maxRecordBytes);
    }
    this.in = in;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Starts to keep bytes, from the current position. */
  protected final void beginRecord() {
    recordStart = position;
    recordBytes = 0;
    oversize = false;
  }

  /** Stops keeping bytes: the record ends before {@code end}, an index of the buffer. */
  protected final void endRecord(int end) {
    recordBytes += end - recordStart;
    oversize = oversize || recordBytes > maxRecordBytes;
  }

  /** How many bytes of the record are before the position; fewer once it is oversize. */
  protected final int kept() {
    return position - recordStart;
  }

  /** Moves the position back to where {@link #kept()} was less; not for oversize records. */
  protected final void rewind(int kept) {
    position = recordStart + kept;
  }

  /** Forgets the record, so that its space can be used again. */
  protected final void dropRecord() {
    recordStart = -1;
  }

  /** Reads more bytes behind those of the current record; false at the end of the stream. */
  protected final boolean refill() throws IOException {
    // One byte more than the limit may be the carriage return of a line's end.
    if (recordStart >= 0 && !oversize && limit - recordStart > maxRecordBytes + 1L) {
      oversize = true;
    }
    if (recordStart >= 0 && oversize) {
      recordBytes += limit - recordStart;
      recordStart = 0;
      consumed += limit;
      limit = 0;
    } else {
      keepFrom(recordStart >= 0 ? recordStart : limit);
    }
    position = limit;
    int read;
    do {
      read = in.read(buffer, limit, buffer.length - limit);
    } while (read == 0);
    if (read < 0) {
      return false;
    }
    limit += read;
    return true;
  }

  private void keepFrom(int from) {
    int kept = limit - from;
    consumed += from;
    if (recordStart >= 0) {
      recordStart = 0;
    }
    if (kept > buffer.length / 2) {
      byte[] larger = new byte[(int) Math.min(Integer.MAX_VALUE - 8L, buffer.length * 2L)];
      System.arraycopy(buffer, from, larger, 0, kept);
      buffer = larger;
    } else if (kept > 0) {
      System.arraycopy(buffer, from, buffer, 0, kept);
    }
    limit = kept;
  }

  /** Skips a UTF-8 byte order mark, if the stream begins with one; call it before anything else. */
  protected final void skipByteOrderMark() throws IOException {
    beginRecord();
    int start = position;
    while (limit - start < 3) {
      position = limit;
      if (!refill()) {
        break;
      }
      start = 0;
    }
    position = start;
    dropRecord();
    if (limit - start >= 3
        && buffer[start] == (byte) 0xEF
        && buffer[start + 1] == (byte) 0xBB
        && buffer[start + 2] == (byte) 0xBF) {
      position = start + 3;
    }
  }

  /** Number of bytes of the stream before the current position. */
  protected final long streamPosition() {
    return consumed + position;
  }

  public final byte[] payload() {
    if (recordStart < 0 || oversize) {
      throw new IllegalStateException("there is no record to copy");
    }
    return Arrays.copyOfRange(buffer, recordStart, recordStart + (int) recordBytes);
  }

  public final long size() {
    return recordBytes;
  }

  public final boolean oversize() {
    return oversize;
  }
}
