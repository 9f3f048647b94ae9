package ai.finks.schemas.raw;

import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Walks Avro binary by its schema without building anything, to know that every length and count
 * fits the bytes there are. A generic decoder may then run without being made to allocate or loop
 * by hostile input.
 */
final class AvroBounds {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_ITEMS = 1_000_000;

  private byte[] in = {};
  private int position;
  private int items;

  /** Whether the bytes from an offset to their end are exactly one value of the schema. */
  boolean holds(Schema schema, byte[] bytes, int offset) {
    in = bytes;
    position = offset;
    items = 0;
    return walk(schema, 0) && position == in.length;
  }

  private boolean walk(Schema schema, int depth) {
    if (depth > MAX_DEPTH) {
      return false;
    }
    switch (schema.getType()) {
      case NULL:
        return true;
      case BOOLEAN:
        return skip(1);
      case FLOAT:
        return skip(4);
      case DOUBLE:
        return skip(8);
      case FIXED:
        return skip(schema.getFixedSize());
      case INT:
      case LONG:
        return number() != INVALID;
      case STRING:
      case BYTES:
        return skip(number());
      case ENUM:
        return index(schema.getEnumSymbols().size()) >= 0;
      case UNION:
        int branch = index(schema.getTypes().size());
        return branch >= 0 && walk(schema.getTypes().get(branch), depth + 1);
      case RECORD:
        return fields(schema.getFields(), depth);
      case ARRAY:
        return blocks(null, schema.getElementType(), depth);
      case MAP:
        return blocks(Schema.create(Schema.Type.STRING), schema.getValueType(), depth);
    }
    return false;
  }

  private boolean fields(List<Schema.Field> fields, int depth) {
    for (Schema.Field field : fields) {
      if (!walk(field.schema(), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean blocks(@Nullable Schema key, Schema value, int depth) {
    while (true) {
      long count = number();
      if (count == 0) {
        return true;
      }
      if (count < 0) {
        count = -count;
        if (number() < 0) {
          return false;
        }
      }
      if (count < 0 || count > MAX_ITEMS - items) {
        return false;
      }
      items += (int) count;
      for (long i = 0; i < count; i++) {
        if ((key != null && !walk(key, depth + 1)) || !walk(value, depth + 1)) {
          return false;
        }
      }
    }
  }

  private int index(int size) {
    long index = number();
    return index < 0 || index >= size ? -1 : (int) index;
  }

  private boolean skip(long length) {
    if (length < 0 || length > in.length - position) {
      return false;
    }
    position += (int) length;
    return true;
  }

  private static final long INVALID = Long.MIN_VALUE;

  private long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= in.length) {
        return INVALID;
      }
      byte b = in[position++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    return INVALID;
  }
}
