package ai.finks.schemas.raw;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses the Avro binary of a raw record that was written with our own schema, with every length
 * checked against what is left.
 *
 * <p>Values that stay the same over a batch (source, run, attributes…) are recognised by their
 * bytes and reused: those ahead of the sequence as a whole, since equal bytes are read alike. Key
 * and payload stay where they are. So most records cost one object.
 */
final class OwnSchemaReader {

  private static final int SOURCE = 0;
  private static final int ENTITY = 1;
  private static final int RUN = 2;
  private static final int BATCH = 3;
  private static final int CONTENT_TYPE = 4;
  private static final int CORRELATION = 5;
  private static final byte[] NOTHING = {};

  private final byte[][] lastBytes = new byte[6][0];
  private final String[] lastText = {"", "", "", "", "", ""};
  private byte[] lastHead = NOTHING;
  private byte[] lastAttributeBytes = {0};
  private Map<String, String> lastAttributes = Map.of();

  private byte[] in = NOTHING;
  private int position;

  /** The record that starts at an offset, or null when the bytes are not exactly one record. */
  @Nullable RawRecord read(byte[] bytes, int offset) {
    in = bytes;
    position = offset;
    try {
      head();
      RawRecord.Builder record =
          RawRecord.builder()
              .source(lastText[SOURCE])
              .entity(lastText[ENTITY])
              .runId(lastText[RUN])
              .batchId(lastText[BATCH])
              .sequence(number())
              .ingestTimeMicros(number());
      if (present()) {
        key(record);
      }
      record.contentType(repeated(CONTENT_TYPE));
      int payloadLength = length();
      record.payloadIn(in, position, position + payloadLength);
      position += payloadLength;
      record.attributes(attributes());
      if (present()) {
        record.correlationId(repeated(CORRELATION));
      }
      return position == in.length ? record.build() : null;
    } catch (Corrupt e) {
      return null;
    } finally {
      in = NOTHING;
    }
  }

  /** Reads what is ahead of the sequence into the last texts. */
  private void head() throws Corrupt {
    byte[] last = lastHead;
    int end = position + last.length;
    if (last.length > 0
        && end <= in.length
        && Arrays.equals(last, 0, last.length, in, position, end)) {
      position = end;
      return;
    }
    // Until all of them are read, the texts are those of no head.
    lastHead = NOTHING;
    int start = position;
    repeated(SOURCE);
    repeated(ENTITY);
    repeated(RUN);
    repeated(BATCH);
    lastHead = Arrays.copyOfRange(in, start, position);
  }

  private void key(RawRecord.Builder record) throws Corrupt {
    int length = length();
    int end = position + length;
    int ascii = position;
    while (ascii < end && in[ascii] >= 0) {
      ascii++;
    }
    if (ascii < end || length == 0) {
      record.key(text(length));
    } else {
      record.asciiKeyAt(position, end);
      position = end;
    }
  }

  private long number() throws Corrupt {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= in.length) {
        throw Corrupt.INSTANCE;
      }
      byte b = in[position++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw Corrupt.INSTANCE;
  }

  private int length() throws Corrupt {
    long length = number();
    if (length < 0 || length > in.length - position) {
      throw Corrupt.INSTANCE;
    }
    return (int) length;
  }

  private boolean present() throws Corrupt {
    long branch = number();
    if (branch != 0 && branch != 1) {
      throw Corrupt.INSTANCE;
    }
    return branch == 1;
  }

  private String repeated(int slot) throws Corrupt {
    int length = length();
    byte[] last = lastBytes[slot];
    if (Arrays.equals(last, 0, last.length, in, position, position + length)) {
      position += length;
      return lastText[slot];
    }
    byte[] bytes = Arrays.copyOfRange(in, position, position + length);
    String text = text(length);
    lastBytes[slot] = bytes;
    lastText[slot] = text;
    return text;
  }

  private String text(int length) throws Corrupt {
    String text = new String(in, position, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      requireUtf8(length);
    }
    position += length;
    return text;
  }

  /** Tells a replacement character that was written from one that stands for broken bytes. */
  private void requireUtf8(int length) throws Corrupt {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in, position, length));
    } catch (CharacterCodingException e) {
      throw Corrupt.INSTANCE;
    }
  }

  private Map<String, String> attributes() throws Corrupt {
    byte[] last = lastAttributeBytes;
    int end = position + last.length;
    if (end <= in.length && Arrays.equals(last, 0, last.length, in, position, end)) {
      position = end;
      return lastAttributes;
    }
    int start = position;
    Map<String, String> attributes = new HashMap<>();
    for (long count = blockCount(); count != 0; count = blockCount()) {
      for (long i = 0; i < count; i++) {
        String name = text(length());
        attributes.put(name, text(length()));
      }
    }
    lastAttributeBytes = Arrays.copyOfRange(in, start, position);
    lastAttributes = Map.copyOf(attributes);
    return lastAttributes;
  }

  /** Avro writes a negative count before a block whose size in bytes follows. */
  private long blockCount() throws Corrupt {
    long count = number();
    if (count < 0) {
      length();
      count = -count;
    }
    if (count < 0 || count > in.length - position) {
      throw Corrupt.INSTANCE;
    }
    return count;
  }

  /** Control flow inside this class only; carries no stack trace. */
  private static final class Corrupt extends Exception {
    private static final long serialVersionUID = 1L;
    static final Corrupt INSTANCE = new Corrupt();

    private Corrupt() {
      super(null, null, false, false);
    }
  }
}
