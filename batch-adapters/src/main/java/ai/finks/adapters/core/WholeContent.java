package ai.finks.adapters.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Takes everything in a stream of bytes as one record, whose {@link #sequence()} is 0. */
public final class WholeContent implements RecordSplitter {
  private final InputStream in;
  private final int maxBytes;
  private byte[] content = {};
  private long size;
  private boolean taken;

  /**
   * @param in read until its end, never closed
   * @param maxBytes a longer content is skipped and reported as oversize
   */
  public WholeContent(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  @Override
  public boolean next() throws IOException {
    if (taken) {
      return false;
    }
    taken = true;
    content = in.readNBytes(maxBytes);
    size = content.length;
    size += in.transferTo(OutputStream.nullOutputStream());
    return true;
  }

  @Override
  public byte[] payload() {
    return content.clone();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean oversize() {
    return size > maxBytes;
  }

  @Override
  public long sequence() {
    return 0;
  }
}
