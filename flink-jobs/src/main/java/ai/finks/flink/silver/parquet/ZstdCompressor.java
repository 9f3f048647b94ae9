package ai.finks.flink.silver.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Compresses pages with one zstd context and two buffers for all of them; Parquet's own codec
 * begins each page with a new context. What is returned is good until the next call.
 */
final class ZstdCompressor implements BytesInputCompressor {
  private static final int FIRST_BYTES = 64 << 10;
  private static final int KEPT_BYTES = 4 << 20;

  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private Input input = new Input();
  private byte[] output = new byte[FIRST_BYTES];

  ZstdCompressor(int level) {
    context.setLevel(level);
  }

  @Override
  public BytesInput compress(BytesInput bytes) throws IOException {
    if (input.capacity() > KEPT_BYTES) {
      input = new Input();
      output = new byte[FIRST_BYTES];
    }
    input.reset();
    bytes.writeAllTo(input);
    int bound = Math.toIntExact(Zstd.compressBound(input.size()));
    if (output.length < bound) {
      output = new byte[bound];
    }
    int length =
        context.compressByteArray(output, 0, output.length, input.array(), 0, input.size());
    return BytesInput.from(output, 0, length);
  }

  @Override
  public CompressionCodecName getCodecName() {
    return CompressionCodecName.ZSTD;
  }

  @Override
  public void release() {
    context.close();
  }

  /** Lets its bytes be read where they are. */
  private static final class Input extends ByteArrayOutputStream {
    Input() {
      super(FIRST_BYTES);
    }

    byte[] array() {
      return buf;
    }

    int capacity() {
      return buf.length;
    }
  }
}
