package ai.finks.stack.trace;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.data.Record;

/**
 * Source and key of a row, what versions are versions of: 128 bits of their SHA-256.
 *
 * @param high the first half
 * @param low the other half
 */
record RowIdentity(long high, long low) {

  /** The columns that it is made of. */
  static List<String> columns(Contract contract) {
    List<String> columns = new ArrayList<>(List.of("_source"));
    contract.key().stream().filter(Field::isStored).map(Field::name).forEach(columns::add);
    return columns;
  }

  /** Reads identities. Not thread-safe. */
  static final class Reader {
    private final List<String> columns;
    private final MessageDigest sha256;

    Reader(Contract contract) {
      columns = columns(contract);
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every Java runtime has SHA-256", e);
      }
    }

    RowIdentity read(Record row) {
      for (String column : columns) {
        // A column has one type, so equal texts are equal values; no text of UTF-8 holds an FF.
        Object value = row.getField(column);
        if (value != null) {
          sha256.update(value.toString().getBytes(StandardCharsets.UTF_8));
        }
        sha256.update((byte) (value == null ? 0xfe : 0xff));
      }
      ByteBuffer bits = ByteBuffer.wrap(sha256.digest());
      return new RowIdentity(bits.getLong(), bits.getLong());
    }
  }
}
