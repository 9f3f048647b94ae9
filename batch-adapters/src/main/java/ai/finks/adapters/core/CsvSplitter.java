package ai.finks.adapters.core;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts CSV text (RFC 4180) into its records: a line, or several where a quoted cell holds line
 * ends. LF and CRLF end a record, the last one may have no end, a UTF-8 byte order mark ahead of
 * the first one is not part of it.
 *
 * <p>A quote opens a cell only at the cell's beginning. One that is never closed must not swallow
 * the rest of the file: if no closing quote with a comma or a line's end behind it comes within a
 * mebibyte, the record is its first line, and whoever reads it will refuse it. Bytes are not
 * decoded. {@link #sequence()} is the number of the record's first line, from 1; empty lines count
 * but are not records.
 */
public final class CsvSplitter extends BoundedWindow implements RecordSplitter {
  private static final int MAX_SPANNING_BYTES = 1 << 20;

  private final int maxSpanningBytes;
  private long line;
  private long sequence;
  private boolean started;

  // Of the record being read: its bytes up to the end of its first line, and the ends in quotes.
  private int firstLine;
  private int quotedLineEnds;

  /**
   * @param in read until its end, never closed
   * @param maxRecordBytes a longer record is skipped and reported as oversize
   */
  public CsvSplitter(InputStream in, int maxRecordBytes) {
    super(in, maxRecordBytes);
    this.maxSpanningBytes = Math.min(MAX_SPANNING_BYTES, maxRecordBytes);
  }

  @Override
  public boolean next() throws IOException {
    if (!started) {
      started = true;
      skipByteOrderMark();
    }
    while (readRecord()) {
      if (size() > 0) {
        return true;
      }
    }
    return false;
  }

  private boolean readRecord() throws IOException {
    dropRecord();
    if (position == limit && !refill()) {
      return false;
    }
    beginRecord();
    sequence = line + 1;
    firstLine = -1;
    quotedLineEnds = 0;
    boolean unquoted = false;
    while (!unquoted) {
      unquoted = skipPlain() || !skipQuoted();
    }
    endLine();
    return true;
  }

  /**
   * Moves to a line's end, or to the end of the stream: true; or behind an opening quote: false.
   */
  private boolean skipPlain() throws IOException {
    while (true) {
      int at = position;
      while (at < limit && buffer[at] != '\n' && buffer[at] != '"') {
        at++;
      }
      position = at;
      if (at == limit) {
        if (!refill()) {
          return true;
        }
      } else if (buffer[at] == '\n') {
        return true;
      } else {
        boolean opens = !oversize() && (kept() == 0 || buffer[at - 1] == ',');
        position++;
        if (opens) {
          return false;
        }
      }
    }
  }

  /**
   * Moves behind the closing quote of a cell; what follows is read like any other text.
   *
   * @return false if the record had to be cut at its first line's end, where the position is then
   */
  private boolean skipQuoted() throws IOException {
    while (true) {
      int at = position;
      while (at < limit && buffer[at] != '"' && buffer[at] != '\n') {
        at++;
      }
      position = at;
      if (at == limit) {
        if (firstLine >= 0 && kept() >= maxSpanningBytes || !refill()) {
          return !cutAtFirstLine();
        }
      } else if (buffer[at] == '\n') {
        firstLine = firstLine < 0 ? kept() : firstLine;
        quotedLineEnds++;
        position++;
      } else {
        position++;
        int next = peek();
        if (next == '"') {
          position++;
        } else {
          boolean closes = next < 0 || next == ',' || next == '\n' || next == '\r';
          return closes || !cutAtFirstLine();
        }
      }
    }
  }

  /** False if the record has no more than one line so far. */
  private boolean cutAtFirstLine() {
    if (firstLine < 0 || oversize()) {
      return false;
    }
    rewind(firstLine);
    quotedLineEnds = 0;
    return true;
  }

  /** The next byte, not consumed, or -1 at the end of the stream. */
  private int peek() throws IOException {
    return position < limit || refill() ? buffer[position] : -1;
  }

  private void endLine() {
    // A carriage return that was discarded with an oversize record no longer matters.
    boolean carriageReturn = !oversize() && kept() > 0 && buffer[position - 1] == '\r';
    endRecord(carriageReturn ? position - 1 : position);
    line += 1 + quotedLineEnds;
    if (position < limit) {
      position++;
    }
  }

  @Override
  public long sequence() {
    return sequence;
  }
}
