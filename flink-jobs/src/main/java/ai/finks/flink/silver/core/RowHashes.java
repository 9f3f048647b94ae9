package ai.finks.flink.silver.core;

import ai.finks.schemas.contract.Contract;
import ai.finks.schemas.contract.Field;
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
  // What is asked of each field for each row, side by side: a field and its type lie elsewhere.
  private final int[] ids;
  private final int[] indexes;
  private final int[] scales;
  private final boolean[] texts;
  private final boolean[] wides;
  private final CanonicalForm form = new CanonicalForm();

  RowHashes(Contract contract, List<Column> columns, PiiKeys keys) {
    this.secret = KeyedHash.of(keys.key(PiiKeys.CONTENT_HASH));
    this.contentHash = SipHash.of(secret.derivedKey("finks content hash"));
    List<Field> content = new ArrayList<>(contract.fields());
    content.sort(Comparator.comparingInt(Field::id));
    this.ids = content.stream().mapToInt(Field::id).toArray();
    this.indexes = content.stream().mapToInt(Field::index).toArray();
    this.scales = content.stream().mapToInt(field -> field.type().scale()).toArray();
    this.texts = new boolean[ids.length];
    this.wides = new boolean[ids.length];
    for (int i = 0; i < ids.length; i++) {
      texts[i] = content.get(i).type().isText();
      wides[i] = content.get(i).type().isWide();
    }
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
    for (int i = 0; i < ids.length; i++) {
      int index = indexes[i];
      if (!values.isNull(index)) {
        if (texts[i]) {
          form.text(ids[i], values.utf8(index));
        } else if (wides[i]) {
          form.wide(ids[i], values.wide(index));
        } else {
          form.number(ids[i], values.number(index), scales[i]);
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
