package ai.finks.adapters.core;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a text stream into its lines: LF and CRLF end a line, the last one may have no end, a UTF-8
 * byte order mark ahead of the first line is not part of it.
 *
 * <p>Bytes are not decoded, so text in any encoding that extends ASCII passes untouched. {@link
 * #sequence()} is the line's number, from 1; empty lines count but are not records.
 */
public final class LineSplitter extends BoundedWindow implements RecordSplitter {
  private long line;
  private boolean started;

  /**
   * @param in read until its end, never closed
   * @param maxLineBytes a longer line is skipped and reported as oversize
   */
  public LineSplitter(InputStream in, int maxLineBytes) {
    super(in, maxLineBytes);
  }

  @Override
  public boolean next() throws IOException {
    if (!started) {
      started = true;
      skipByteOrderMark();
    }
    while (readLine()) {
      if (size() > 0) {
        return true;
      }
    }
    return false;
  }

  private boolean readLine() throws IOException {
    dropRecord();
    if (position == limit && !refill()) {
      return false;
    }
    beginRecord();
    line++;
    boolean carriageReturn = false;
    while (true) {
      int at = position;
      int end = limit;
      byte[] bytes = buffer;
      while (at < end && bytes[at] != '\n') {
        at++;
      }
      carriageReturn = at > position ? bytes[at - 1] == '\r' : carriageReturn;
      position = at;
      if (at < end) {
        // A carriage return that was discarded with an oversize line no longer matters.
        endRecord(carriageReturn && !oversize() ? at - 1 : at);
        position = at + 1;
        return true;
      }
      if (!refill()) {
        endRecord(carriageReturn && !oversize() ? position - 1 : position);
        return true;
      }
    }
  }

  @Override
  public long sequence() {
    return line;
  }
}
