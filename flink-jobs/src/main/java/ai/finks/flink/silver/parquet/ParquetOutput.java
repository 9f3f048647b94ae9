package ai.finks.flink.silver.parquet;

import java.io.IOException;
import org.apache.iceberg.shaded.org.apache.parquet.io.OutputFile;
import org.apache.iceberg.shaded.org.apache.parquet.io.PositionOutputStream;

/** Iceberg's output file as Parquet's. Small writes are gathered. */
final class ParquetOutput implements OutputFile {
  private final org.apache.iceberg.io.OutputFile target;

  ParquetOutput(org.apache.iceberg.io.OutputFile target) {
    this.target = target;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return new Gathering(target.create());
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return new Gathering(target.createOrOverwrite());
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String getPath() {
    return target.location();
  }

  /** A stream with a buffer; a page header is a dozen writes of some bytes. */
  private static final class Gathering extends PositionOutputStream {
    private static final int BUFFER_BYTES = 64 << 10;

    private final org.apache.iceberg.io.PositionOutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int held;
    private long position;

    Gathering(org.apache.iceberg.io.PositionOutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int octet) throws IOException {
      if (held == buffer.length) {
        drain();
      }
      buffer[held++] = (byte) octet;
      position++;
    }

    @Override
    public void write(byte[] bytes, int at, int length) throws IOException {
      if (length > buffer.length - held) {
        drain();
      }
      if (length > buffer.length) {
        out.write(bytes, at, length);
      } else {
        System.arraycopy(bytes, at, buffer, held, length);
        held += length;
      }
      position += length;
    }

    private void drain() throws IOException {
      out.write(buffer, 0, held);
      held = 0;
    }

    @Override
    public void flush() throws IOException {
      drain();
      out.flush();
    }

    @Override
    public void close() throws IOException {
      try {
        drain();
      } finally {
        out.close();
      }
    }
  }
}
