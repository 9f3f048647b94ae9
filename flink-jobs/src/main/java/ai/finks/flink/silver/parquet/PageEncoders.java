package ai.finks.flink.silver.parquet;

import java.io.IOException;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.iceberg.shaded.org.apache.parquet.bytes.BytesInput;
import org.apache.iceberg.shaded.org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.iceberg.shaded.org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.iceberg.shaded.org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Encoders that all files of a table share: pages are encoded one after the other, so one set of
 * buffers serves them all. What a method returns is good until the next call.
 */
final class PageEncoders implements AutoCloseable {
  private static final int SLAB_BYTES = 16 << 10;
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_BIT_WIDTH = 24;
  private static final int MAX_RUN_BYTES = 5;

  private final ByteBufferAllocator allocator;
  private final DeltaBinaryPackingValuesWriterForLong longs;
  private final DeltaBinaryPackingValuesWriterForInteger ints;
  private final @Nullable RunLengthBitPackingHybridEncoder[] runs =
      new RunLengthBitPackingHybridEncoder[MAX_BIT_WIDTH + 1];

  PageEncoders(ByteBufferAllocator allocator) {
    this.allocator = allocator;
    this.longs = new DeltaBinaryPackingValuesWriterForLong(SLAB_BYTES, MAX_BYTES, allocator);
    this.ints = new DeltaBinaryPackingValuesWriterForInteger(SLAB_BYTES, MAX_BYTES, allocator);
  }

  /** DELTA_BINARY_PACKED of an INT64 column. */
  BytesInput longDeltas(long[] values, int count) {
    longs.reset();
    for (int i = 0; i < count; i++) {
      longs.writeLong(values[i]);
    }
    return longs.getBytes();
  }

  /** DELTA_BINARY_PACKED of an INT32 column. */
  BytesInput intDeltas(long[] values, int count) {
    ints.reset();
    for (int i = 0; i < count; i++) {
      ints.writeInteger((int) values[i]);
    }
    return ints.getBytes();
  }

  /** Indexes into a dictionary: the width of an index in bits, then runs. */
  BytesInput indexes(int[] indexes, int count, int dictionarySize) throws IOException {
    int bitWidth = Integer.SIZE - Integer.numberOfLeadingZeros(dictionarySize - 1);
    RunLengthBitPackingHybridEncoder encoder = runs(bitWidth);
    for (int i = 0; i < count; i++) {
      encoder.writeInt(indexes[i]);
    }
    return BytesInput.concat(BytesInput.from(new byte[] {(byte) bitWidth}), encoder.toBytes());
  }

  /** Indexes into a dictionary that are all the same: one run. */
  BytesInput sameIndex(int index, int count, int dictionarySize) {
    int bitWidth = Integer.SIZE - Integer.numberOfLeadingZeros(dictionarySize - 1);
    int indexBytes = (bitWidth + Byte.SIZE - 1) / Byte.SIZE;
    byte[] run = new byte[1 + MAX_RUN_BYTES + indexBytes];
    run[0] = (byte) bitWidth;
    int end = runLength(run, 1, count);
    for (int i = 0; i < indexBytes; i++) {
      run[end++] = (byte) (index >>> (Byte.SIZE * i));
    }
    return BytesInput.from(run, 0, end);
  }

  /** Definition levels of an optional column without nulls: their length, then one run of 1. */
  BytesInput allDefined(int rows) {
    byte[] run = new byte[Integer.BYTES + MAX_RUN_BYTES + 1];
    int end = runLength(run, Integer.BYTES, rows);
    run[end++] = 1;
    run[0] = (byte) (end - Integer.BYTES);
    return BytesInput.from(run, 0, end);
  }

  /** A run's header: twice its length, base 128. */
  private static int runLength(byte[] to, int at, int length) {
    int end = at;
    int rest = length << 1;
    while ((rest & ~0x7F) != 0) {
      to[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[end++] = (byte) rest;
    return end;
  }

  /** Definition levels of an optional column: their length, then runs of 0 (null) and 1. */
  BytesInput levels(boolean[] defined, int rows) throws IOException {
    RunLengthBitPackingHybridEncoder encoder = runs(1);
    for (int i = 0; i < rows; i++) {
      encoder.writeInt(defined[i] ? 1 : 0);
    }
    BytesInput bytes = encoder.toBytes();
    return BytesInput.concat(BytesInput.fromInt((int) bytes.size()), bytes);
  }

  private RunLengthBitPackingHybridEncoder runs(int bitWidth) {
    RunLengthBitPackingHybridEncoder encoder = runs[bitWidth];
    if (encoder == null) {
      encoder = new RunLengthBitPackingHybridEncoder(bitWidth, SLAB_BYTES, MAX_BYTES, allocator);
      runs[bitWidth] = encoder;
    }
    encoder.reset();
    return encoder;
  }

  @Override
  public void close() {
    longs.close();
    ints.close();
    for (RunLengthBitPackingHybridEncoder encoder : runs) {
      if (encoder != null) {
        encoder.close();
      }
    }
  }
}
