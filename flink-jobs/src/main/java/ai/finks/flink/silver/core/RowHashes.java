package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
import ai.finks.schemas.contract.FieldType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The keyed 128-bit hashes of a row: of its content before masking, and of its source and key as
 * they are stored, so that a fingerprint can be made from the table too.
 */
final class RowHashes {

  private final KeyedHash secret;
  private final SipHash contentHash;
  private final Fingerprint fingerprint;
  private final List<Field> content;
  private final CanonicalForm form = new CanonicalForm();

  RowHashes(Contract contract, List<Column> columns, PiiKeys keys) {
    this.secret = KeyedHash.of(keys.key(PiiKeys.CONTENT_HASH));
    this.contentHash = SipHash.of(secret.derivedKey("finks content hash"));
    this.content = new ArrayList<>(contract.fields());
    this.content.sort(Comparator.comparingInt(Field::id));
    List<Column> key = new ArrayList<>();
    for (Column column : columns) {
      if (contract.key().contains(column.field())) {
        key.add(column);
      }
    }
    this.fingerprint = fingerprintOf(key);
  }

  /** A fingerprint of other columns, under the same key. */
  Fingerprint fingerprintOf(List<Column> columns) {
    return new Fingerprint(SipHash.of(secret.derivedKey("finks key fingerprint")), columns);
  }

  /** The fingerprint of keys, for one more thread. */
  Fingerprint newKeyFingerprint() {
    return fingerprint.copy();
  }

  /** Sets the row's content hash from the values before masking. */
  void hashContent(FieldValues values, SilverRow row) {
    form.clear();
    for (Field field : content) {
      int index = field.index();
      if (!values.isNull(index)) {
        FieldType type = field.type();
        if (type.isText()) {
          form.text(field.id(), values.utf8(index));
        } else if (type.isWide()) {
          form.wide(field.id(), values.wide(index));
        } else {
          form.number(field.id(), values.number(index), type.scale());
        }
      }
    }
    contentHash.hash(form.bytes(), form.length());
    row.setHash(contentHash.high(), contentHash.low());
  }

  /** Sets the row's key fingerprint from a source and the row's key columns. */
  void fingerprint(String source, SilverRow row) {
    fingerprint.of(source, row);
    row.setKey(fingerprint.high(), fingerprint.low());
  }
}
